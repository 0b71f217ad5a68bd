// Which connections are open, and which of them have had their time.
#include "tools/serve/http/connection_watch.h"

#include <sys/socket.h>

#include "tools/serve/http/address.h"

namespace fovea::tools {

ConnectionWatch::ConnectionWatch(const ConnectionLimits& limits) : limits_(limits) {
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!stopping_.wait_for(lock, std::chrono::milliseconds(250), [this] { return stop_; })) end_overdue();
  });
}

ConnectionWatch::~ConnectionWatch() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  thread_.join();
}

void ConnectionWatch::opened(int socket, const std::string& peer) {
  const std::string address = limited_as(peer);
  const std::scoped_lock lock(mutex_);
  const Clock::time_point now = Clock::now();
  connections_[socket] = {State::receiving, now, now + limits_.request, address};
  const std::size_t of_client = ++by_address_[address];
  if (of_client > limits_.per_client && !is_loopback(address)) end_oldest(&address, socket);
  if (connections_.size() > limits_.connections) end_oldest(nullptr, socket);
}

// The owner notices when it next looks at the socket, and calls `closed`.
void ConnectionWatch::end_oldest(const std::string* address, int besides) {
  auto oldest = connections_.end();
  for (auto it = connections_.begin(); it != connections_.end(); ++it) {
    const Connection& connection = it->second;
    if (it->first == besides || connection.state != State::receiving) continue;
    if (address != nullptr && connection.address != *address) continue;
    if (oldest == connections_.end() || connection.since < oldest->second.since) oldest = it;
  }
  const int socket = oldest == connections_.end() ? besides : oldest->first;
  ::shutdown(socket, SHUT_RDWR);
  // It counts as the youngest from now on, so that the next one to go is another.
  connections_.at(socket).since = Clock::time_point::max();
}

void ConnectionWatch::set(int socket, State state, std::chrono::seconds allowed) {
  const std::scoped_lock lock(mutex_);
  const auto found = connections_.find(socket);
  if (found == connections_.end()) return;
  const Clock::time_point now = Clock::now();
  found->second.state = state;
  found->second.since = now;
  found->second.deadline = now + allowed;
}

void ConnectionWatch::receiving(int socket) { set(socket, State::receiving, limits_.request); }
void ConnectionWatch::working(int socket) { set(socket, State::working, std::chrono::hours(24)); }
void ConnectionWatch::sending(int socket) { set(socket, State::sending, limits_.response); }

void ConnectionWatch::closed(int socket) {
  const std::scoped_lock lock(mutex_);
  const auto found = connections_.find(socket);
  if (found == connections_.end()) return;
  const auto count = by_address_.find(found->second.address);
  if (--count->second == 0) by_address_.erase(count);
  connections_.erase(found);
}

std::size_t ConnectionWatch::count() const {
  const std::scoped_lock lock(mutex_);
  return connections_.size();
}

void ConnectionWatch::end_overdue() {
  const Clock::time_point now = Clock::now();
  for (const auto& [socket, connection] : connections_) {
    if (connection.deadline < now) ::shutdown(socket, SHUT_RDWR);
  }
}

}  // namespace fovea::tools
