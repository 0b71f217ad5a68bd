// What stands between clients and the HTTP library: TLS, and only requests that can be read in one way go through.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "tools/serve/http/tls.h"

namespace fovea::tools {

/// Accepts connections and relays each, decrypted, over a pair of sockets, one end of which it hands over. Bytes go on
/// through a RequestStream; at the first fault nothing more does, and behind the answers to what came before stands a
/// refusal and the end. One thread for all; what a connection holds is bounded, and how long it may take is decided at
/// the other end: where that is closed, the client's connection ends.
class Gate {
 public:
  /// Takes a socket with the address of its client over, or closes it and returns false.
  using HandOver = std::function<bool(int socket, const sockaddr* address, socklen_t size)>;
  /// The whole text of a response that refuses a request and ends its connection.
  using Refusal = std::function<std::string(int status, const std::string& fault)>;

  /// Takes the listening socket over; `tls` null = none. Both functions are called by the gate's thread. Throws Error.
  Gate(int listener, TlsContext tls, HandOver hand_over, Refusal refusal);
  /// To be called when all sockets that were handed over are closed: what they wrote is still sent, for some seconds.
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// No new connections; nothing is handed over any more.
  void stop_accepting();
  /// A response was begun at this socket, which was handed over. Thread-safe.
  void answered(int socket);

 private:
  struct Link;
  enum class Io { some, none, end, broken };

  void run();
  void wake();
  void close_listener();
  void listen_if_wanted();
  void accept_all();
  void add_link(int client, const sockaddr_storage& address, socklen_t size);
  void handle(std::uint64_t tag, std::uint32_t events);
  bool pump(Link& link);
  bool take_requests(Link& link);
  void pass_requests(Link& link);
  void take_responses(Link& link);
  bool send_responses(Link& link);
  bool linger(Link& link);
  void watch(Link& link);
  void set_watch(int socket, std::uint64_t tag, std::uint32_t events, std::uint32_t& now);
  void drop(std::uint64_t number);
  void end_overdue();

  int listener_, poll_ = -1, wake_ = -1;
  bool listening_ = false;
  TlsContext tls_;
  HandOver hand_over_;
  Refusal refusal_;
  std::atomic<bool> stop_accepting_{false}, stop_{false}, accepting_{true};
  std::uint64_t next_ = 1;
  std::unordered_map<std::uint64_t, std::unique_ptr<Link>> links_;
  std::vector<std::uint64_t> unread_;  // links that wait for the other end to read on
  std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<std::atomic<std::size_t>>> answers_;  // by handed over socket
  std::thread thread_;
};

}  // namespace fovea::tools
