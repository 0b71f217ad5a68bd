// The socket that a server listens on.
#pragma once

#include <string>

namespace fovea::tools {

struct Listener {
  int socket = -1;       ///< owned by the caller
  int port = 0;          ///< the one in use, also where 0 was asked for
  bool loopback = true;  ///< reached from this machine only
  std::string host;      ///< numeric, in brackets if IPv6
};

/// `host` is an address or "localhost". Throws Error "HOST:PORT: reason".
Listener listen_on(const std::string& host, int port);

/// True if only this machine reaches `host`. Throws Error if it is no address.
bool is_loopback_host(const std::string& host);

}  // namespace fovea::tools
