// The server's side of TLS: 1.2 and newer, with forward secrecy.
#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace fovea::tools {

struct FreeTls {
  void operator()(ssl_ctx_st* context) const;
  void operator()(ssl_st* session) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, FreeTls>;
using TlsSession = std::unique_ptr<ssl_st, FreeTls>;

/// From PEM files of a certificate chain and its key. Throws Error "PATH: reason".
TlsContext make_tls_context(const std::string& certificate, const std::string& key);

}  // namespace fovea::tools
