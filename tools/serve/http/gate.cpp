// What stands between clients and the HTTP library.
#include "tools/serve/http/gate.h"

#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <fovea/error.h>
#include "tools/serve/http/gate_link.h"

namespace fovea::tools {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStopping{5};
constexpr int kLookMilliseconds = 250, kUnreadMilliseconds = 2;
// Tags of events: a link's number doubled, and one more for its server's side. Links begin at 1.
constexpr std::uint64_t kListenerTag = 0, kWakeTag = 1;

}  // namespace

Gate::Gate(int listener, TlsContext tls, HandOver hand_over, Refusal refusal)
    : listener_(listener), tls_(std::move(tls)), hand_over_(std::move(hand_over)), refusal_(std::move(refusal)) {
  poll_ = ::epoll_create1(EPOLL_CLOEXEC);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event woken{EPOLLIN, {}};
  woken.data.u64 = kWakeTag;
  if (poll_ < 0 || wake_ < 0 || ::epoll_ctl(poll_, EPOLL_CTL_ADD, wake_, &woken) != 0) {
    const std::string reason = std::strerror(errno);
    for (const int descriptor : {poll_, wake_, listener_}) {
      if (descriptor >= 0) ::close(descriptor);
    }
    throw Error("the server cannot start: " + reason);
  }
  thread_ = std::thread([this] { run(); });
}

Gate::~Gate() {
  stop_ = true;
  wake();
  thread_.join();
  close_listener();
  links_.clear();
  ::close(wake_);
  ::close(poll_);
}

void Gate::wake() {
  const std::uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) < 0) return;  // full: it wakes anyway
}

void Gate::stop_accepting() {
  stop_accepting_ = true;
  wake();
  accepting_.wait(true);
}

void Gate::close_listener() {
  if (listener_ >= 0) ::close(std::exchange(listener_, -1));
}

void Gate::answered(int socket) {
  const std::scoped_lock lock(mutex_);
  const auto found = answers_.find(socket);
  if (found != answers_.end()) ++*found->second;
}

void Gate::run() {
  std::array<epoll_event, 64> events{};
  Clock::time_point look = Clock::now();
  Clock::time_point until = Clock::time_point::max();
  while (!stop_ || (!links_.empty() && Clock::now() < until)) {
    if (stop_ && until == Clock::time_point::max()) until = Clock::now() + kStopping;
    listen_if_wanted();
    const int patience = unread_.empty() ? kLookMilliseconds : kUnreadMilliseconds;
    const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), patience);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events.at(static_cast<std::size_t>(i));
      std::uint64_t passed = 0;
      if (event.data.u64 == kListenerTag) {
        accept_all();
      } else if (event.data.u64 != kWakeTag) {
        handle(event.data.u64, event.events);
      } else if (::read(wake_, &passed, sizeof passed) < 0) {
        continue;  // was read already
      }
    }
    for (const std::uint64_t number : std::exchange(unread_, {})) handle(2 * number, 0);
    if (Clock::now() - look < std::chrono::milliseconds(kLookMilliseconds)) continue;
    look = Clock::now();
    end_overdue();
  }
}

// After a time without free descriptors it listens again.
void Gate::listen_if_wanted() {
  if (stop_accepting_ || stop_) {
    close_listener();
    accepting_ = false;
    accepting_.notify_all();
  } else if (!listening_) {
    epoll_event event{EPOLLIN, {}};
    event.data.u64 = kListenerTag;
    listening_ = ::epoll_ctl(poll_, EPOLL_CTL_ADD, listener_, &event) == 0;
  }
}

void Gate::accept_all() {
  while (listener_ >= 0) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int client = ::accept4(listener_, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0) {
      add_link(client, address, size);
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // Until the next look: others may end meanwhile.
      ::epoll_ctl(poll_, EPOLL_CTL_DEL, listener_, nullptr);
      listening_ = false;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return;
  }
}

void Gate::add_link(int client, const sockaddr_storage& address, socklen_t size) {
  std::unique_ptr<Link> link;
  std::uint64_t number = 0;  // once the links hold it
  try {
    link = std::make_unique<Link>();
    link->client = client;
    link->number = next_++;
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) != 0) return;
    link->server = pair[0];
    link->handed_over = pair[1];
    const int yes = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (tls_) {
      link->tls.reset(SSL_new(tls_.get()));
      if (!link->tls || SSL_set_fd(link->tls.get(), client) != 1) {
        ::close(pair[1]);
        return;
      }
      SSL_set_accept_state(link->tls.get());
    }
    {
      const std::scoped_lock lock(mutex_);
      answers_[pair[1]] = link->answers;
    }
    Link& added = *link;
    links_.emplace(added.number, std::move(link));
    number = added.number;
    if (hand_over_(added.handed_over, reinterpret_cast<const sockaddr*>(&address), size)) {
      watch(added);
    } else {
      drop(added.number);
    }
  } catch (const std::exception&) {  // no memory for it
    if (number != 0) {
      drop(number);
    } else if (!link) {
      ::close(client);
    }
  }
}

void Gate::drop(std::uint64_t number) {
  const auto found = links_.find(number);
  if (found == links_.end()) return;
  {
    // The other end may be closed already, and its number another's.
    const std::scoped_lock lock(mutex_);
    const auto answers = answers_.find(found->second->handed_over);
    if (answers != answers_.end() && answers->second == found->second->answers) answers_.erase(answers);
  }
  links_.erase(found);
}

void Gate::handle(std::uint64_t tag, std::uint32_t events) {
  const auto found = links_.find(tag / 2);
  if (found == links_.end()) return;
  Link& link = *found->second;
  const bool client_gone = tag % 2 == 0 && (events & (EPOLLHUP | EPOLLERR)) != 0;
  try {
    if (client_gone || !pump(link)) {
      drop(link.number);
    } else {
      watch(link);
    }
  } catch (const std::exception&) {  // no memory
    drop(link.number);
  }
}

void Gate::watch(Link& link) {
  const bool reads =
      link.ended || (!link.client_done && !link.up_done && link.stream.fault().empty() && link.up.size() < kLinkBuffer);
  const bool writes = !link.down.empty() || link.wants_write;
  const std::uint32_t client = (reads ? EPOLLIN : 0U) | (writes ? EPOLLOUT : 0U);
  // Its end is always told of, wanted or not.
  set_watch(link.client, 2 * link.number, client | EPOLLERR, link.client_events);
  if (link.server < 0) return;
  const std::uint32_t server = (link.down.size() < kLinkBuffer ? EPOLLIN : 0U) | (!link.up.empty() ? EPOLLOUT : 0U);
  set_watch(link.server, 2 * link.number + 1, server, link.server_events);
}

// With no events at all the system is not asked about the socket: that it is closed would be told of again and again.
void Gate::set_watch(int socket, std::uint64_t tag, std::uint32_t events, std::uint32_t& now) {
  if (events == now) return;
  epoll_event event{events, {}};
  event.data.u64 = tag;
  const int operation = now == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  if (::epoll_ctl(poll_, operation, socket, &event) != 0) throw Error("no memory for a connection");
  now = events;
}

void Gate::end_overdue() {
  const Clock::time_point now = Clock::now();
  std::vector<std::uint64_t> overdue;
  for (const auto& [number, link] : links_) {
    if (link->deadline < now) overdue.push_back(number);
  }
  for (const std::uint64_t number : overdue) drop(number);
}

}  // namespace fovea::tools
