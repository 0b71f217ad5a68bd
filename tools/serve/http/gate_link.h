// One client's connection and its relay, as the gate keeps them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "tools/serve/http/gate.h"
#include "tools/serve/http/request_stream.h"

namespace fovea::tools {

/// Most bytes that wait in one direction of a connection.
inline constexpr std::size_t kLinkBuffer = 64 * 1024;

struct Gate::Link {
  ~Link();

  /// Of the client, through TLS if there is any. `some` sets `size`.
  Io receive(char* to, std::size_t room, std::size_t& size);
  Io send(std::string_view data, std::size_t& size);
  /// Tells the client that nothing more comes.
  void say_end();

  std::uint64_t number = 0;
  int client = -1, server = -1;  // server = our end of the pair, -1 once it is done
  int handed_over = -1;          // its other end, as a number only
  TlsSession tls;
  RequestStream stream;
  std::string up, down;      // to the server, to the client
  bool client_done = false;  // sends no more
  bool up_done = false;      // the server was told so, or takes no more
  bool ended = false;        // the client was told that nothing more comes
  bool wants_write = false;  // TLS does, to go on reading
  std::size_t discarded = 0;
  std::uint32_t client_events = 0, server_events = 0;  // as the system was told
  std::shared_ptr<std::atomic<std::size_t>> answers = std::make_shared<std::atomic<std::size_t>>(0);
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

}  // namespace fovea::tools
