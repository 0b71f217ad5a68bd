// Makes the server reachable from elsewhere by a program that is watched and begun anew when it ends.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace fovea::tools {

struct TunnelOptions {
  std::string where;       ///< "", "ssh:USER@HOST" or "ngrok"
  int remote_port = 0;     ///< of ssh; 0 = the other side chooses
  std::string ssh_config;  ///< for ssh -F, "" = the user's own
  std::string host;        ///< of the server, as in an address
  int port = 0;
};

/// Runs as long as it lives.
class Tunnel {
 public:
  virtual ~Tunnel() = default;
  Tunnel() = default;
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;
};

/// Null for "". Calls `say` with one line whenever the tunnel opens or ends, from a thread of its own. Throws Error if
/// `where` is not understood.
std::unique_ptr<Tunnel> open_tunnel(const TunnelOptions& options, std::function<void(const std::string&)> say);

}  // namespace fovea::tools
