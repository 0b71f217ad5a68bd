// The server's side of TLS.
#include "tools/serve/http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstring>
#include <string_view>

#include <fovea/error.h>

namespace fovea::tools {

namespace {

constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";  // of TLS 1.2; all of 1.3 have forward secrecy

// A client that means another protocol is sent away: what it sends is not for us (cross-protocol attacks).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  constexpr std::string_view kHttp = "http/1.1";
  for (unsigned at = 0; at < offered_size; at += offered[at] + 1U) {
    const std::string_view name(reinterpret_cast<const char*>(offered) + at + 1, offered[at]);
    if (name != kHttp) continue;
    *chosen = offered + at + 1;
    *size = offered[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Nobody is there to be asked.
int no_passphrase(char*, int, int, void*) { return 0; }

[[noreturn]] void fail(const std::string& what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  throw Error(what + (reason != nullptr ? std::string(" (") + reason + ")" : ""));
}

}  // namespace

void FreeTls::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
void FreeTls::operator()(SSL* session) const { SSL_free(session); }

TlsContext make_tls_context(const std::string& certificate, const std::string& key) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), kCiphers) != 1) {
    fail("TLS is not available");
  }
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1) {
    fail(certificate + ": cannot be read as a certificate in PEM");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) {
    fail(key + ": cannot be read as the certificate's key in PEM, without a passphrase");
  }
  if (SSL_CTX_check_private_key(context.get()) != 1) fail(key + ": is not the key of " + certificate);
  return context;
}

}  // namespace fovea::tools
