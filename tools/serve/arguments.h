// The command line of grade-server.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grading/pipeline/model_arguments.h"

namespace fovea::tools {

struct ServeArguments : ModelArguments {
  std::string host = "127.0.0.1";
  int port = 5000;
  std::string tls_cert, tls_key;
  bool behind_proxy = false, no_auth = false;
  std::vector<std::string> proxies, server_names;
  std::string auth_file;
  std::string audit_log, audit_key;
  std::string accuracy;  ///< as the operator states it, for /about

  int queue = 64, max_files = 16, max_body_mib = 64, max_megapixels = 64;
  int connections = 2048, connections_per_client = 64;
  int request_seconds = 30, time_limit = 60;
  int rate = -1;  ///< pictures a minute and client; 0 = no limit, -1 = 0 on loopback, else 120

  std::string tunnel, ssh_config;
  int tunnel_port = 0;

  std::string new_token, new_password, new_audit_key;  ///< to be done instead of serving, as the next
  std::vector<std::string> verify_audit;
};

/// Parses and checks the command line. Returns the exit code if the program ends here: --help and --version (printed to
/// stdout) or wrong usage (one line on stderr).
std::optional<int> parse_serve_arguments(int argc, const char* const* argv, ServeArguments& arguments);

}  // namespace fovea::tools
