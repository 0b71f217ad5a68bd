// What passes through the gate: a link's bytes, from the client to the HTTP library and back.
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "tools/serve/http/gate.h"
#include "tools/serve/http/gate_link.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kDiscarded = std::size_t{4} << 20;  // of what a client still sends behind the last answer
constexpr std::chrono::seconds kLinger{2}, kLastBytes{60};

// Whether the other end has bytes of ours to read.
bool is_unread(int socket) {
  int bytes = 0;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

}  // namespace

// Everything that can go on without waiting. False if the connection is over.
bool Gate::pump(Link& link) {
  if (link.ended) return linger(link);
  bool more = true;
  while (more) {
    if (!take_requests(link)) return false;
    const bool was_full = link.up.size() >= kLinkBuffer;
    pass_requests(link);
    more = was_full && link.up.size() < kLinkBuffer;  // TLS may hold bytes that the system does not tell of
  }
  take_responses(link);
  if (!send_responses(link)) return false;
  for (std::string* buffer : {&link.up, &link.down}) {
    if (buffer->empty()) std::string().swap(*buffer);  // an idle connection holds nothing
  }
  if (link.server >= 0 || !link.down.empty()) return true;
  link.ended = true;
  link.say_end();
  link.deadline = std::chrono::steady_clock::now() + kLinger;
  return linger(link);
}

bool Gate::take_requests(Link& link) {
  std::array<char, 16 * 1024> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init): is written before it is read
  while (!link.client_done && !link.up_done && link.stream.fault().empty() && link.up.size() < kLinkBuffer) {
    std::size_t size = 0;
    const Io io = link.receive(piece.data(), piece.size(), size);
    if (io == Io::broken) return false;
    if (io == Io::none) return true;
    if (io == Io::end) link.client_done = true;
    if (io == Io::some) link.stream.take({piece.data(), size}, link.up);
  }
  return true;
}

void Gate::pass_requests(Link& link) {
  while (!link.up.empty() && !link.up_done) {
    const ssize_t count = ::send(link.server, link.up.data(), link.up.size(), MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count < 0) link.up_done = true;  // the other end is closed: an answer may still be there
    if (count > 0) link.up.erase(0, static_cast<std::size_t>(count));
  }
  if (link.up_done) return link.up.clear();
  // The faulty request itself gets no answer from there, and those before it keep their client until they have theirs.
  const bool faulty = !link.stream.fault().empty() && *link.answers + 1 >= link.stream.begun();
  // The library overlooks an end that comes while it has not read all before it.
  if (faulty && !link.client_done && is_unread(link.server)) {
    unread_.push_back(link.number);
  } else if (link.client_done || faulty) {
    ::shutdown(link.server, SHUT_WR);
    link.up_done = true;
  }
}

void Gate::take_responses(Link& link) {
  while (link.server >= 0 && link.down.size() < kLinkBuffer) {
    std::array<char, 16 * 1024> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init): is written before it is read
    const ssize_t count = ::recv(link.server, piece.data(), piece.size(), 0);
    if (count > 0) {
      link.down.append(piece.data(), static_cast<std::size_t>(count));
      pass_requests(link);  // a fault may have waited for this answer
      continue;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    ::close(std::exchange(link.server, -1));
    link.server_events = 0;
    link.up_done = true;
    link.deadline = std::chrono::steady_clock::now() + kLastBytes;
    if (!link.stream.fault().empty() && *link.answers < link.stream.begun()) {
      link.down += refusal_(link.stream.status(), link.stream.fault());
    }
  }
}

bool Gate::send_responses(Link& link) {
  while (!link.down.empty()) {
    std::size_t size = 0;
    const Io io = link.send(link.down, size);
    if (io != Io::some) return io == Io::none;
    link.down.erase(0, size);
  }
  return true;
}

// Closed at once, with bytes unread, the connection would be reset, and the answer lost with it.
bool Gate::linger(Link& link) {
  std::array<char, 16 * 1024> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init): is not read
  while (link.discarded < kDiscarded) {
    std::size_t size = 0;
    const Io io = link.receive(piece.data(), piece.size(), size);
    if (io == Io::none) return true;
    if (io != Io::some) return false;
    link.discarded += size;
  }
  return false;
}

}  // namespace fovea::tools
