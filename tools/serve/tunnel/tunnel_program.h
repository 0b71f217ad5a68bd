// The programs that make a tunnel: how they are begun, and where they say that it leads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/serve/tunnel/child.h"
#include "tools/serve/tunnel/tunnel.h"

namespace fovea::tools {

class TunnelProgram {
 public:
  virtual ~TunnelProgram() = default;
  TunnelProgram() = default;
  TunnelProgram(const TunnelProgram&) = delete;
  TunnelProgram& operator=(const TunnelProgram&) = delete;

  virtual std::vector<std::string> command() const = 0;
  /// The public address once the tunnel is open, "" until then.
  virtual std::string address(Child& child) const = 0;
};

/// Throws Error if `options.where` is not understood.
std::unique_ptr<TunnelProgram> tunnel_program(const TunnelOptions& options);

}  // namespace fovea::tools
