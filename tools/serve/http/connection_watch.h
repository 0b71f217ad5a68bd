// Which connections are open, and which of them have had their time: none may hold a place by being slow.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

namespace fovea::tools {

struct ConnectionLimits {
  std::size_t connections = 2048;
  std::size_t per_client =
      64;  ///< of one address, of IPv6 one /64; loopback is exempt, proxies and tunnels come from there
  std::chrono::seconds request{30};  ///< from the opening, or the last response, to the whole next request
  std::chrono::seconds response{60};
};

/// Ends connections by shutting their sockets down, which their owner then notices. Where a limit is reached, the
/// connection that has been sending its request for longest goes: a new client gets in whatever others hold open.
/// Thread-safe.
class ConnectionWatch {
 public:
  explicit ConnectionWatch(const ConnectionLimits& limits);
  ~ConnectionWatch();
  ConnectionWatch(const ConnectionWatch&) = delete;
  ConnectionWatch& operator=(const ConnectionWatch&) = delete;

  void opened(int socket, const std::string& peer);
  /// Waits for a request; its time begins.
  void receiving(int socket);
  /// The request is there and is worked on, without a limit here.
  void working(int socket);
  void sending(int socket);
  /// To be called before the descriptor is closed.
  void closed(int socket);

  std::size_t count() const;

 private:
  using Clock = std::chrono::steady_clock;
  enum class State { receiving, working, sending };
  struct Connection {
    State state = State::receiving;
    Clock::time_point since, deadline;
    std::string address;
  };
  void set(int socket, State state, std::chrono::seconds allowed);
  void end_oldest(const std::string* address, int besides);
  void end_overdue();

  ConnectionLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  std::unordered_map<int, Connection> connections_;
  std::unordered_map<std::string, std::size_t> by_address_;
  std::thread thread_;
};

}  // namespace fovea::tools
