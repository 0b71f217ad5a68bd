// One client's connection and its relay.
#include "tools/serve/http/gate_link.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <cerrno>

namespace fovea::tools {

Gate::Link::~Link() {
  tls.reset();
  if (client >= 0) ::close(client);
  if (server >= 0) ::close(server);
}

Gate::Io Gate::Link::receive(char* to, std::size_t room, std::size_t& size) {
  if (tls) {
    ERR_clear_error();
    const int result = SSL_read_ex(tls.get(), to, room, &size);
    const int reason = result == 1 ? SSL_ERROR_NONE : SSL_get_error(tls.get(), result);
    wants_write = reason == SSL_ERROR_WANT_WRITE;
    if (result == 1) return Io::some;
    if (reason == SSL_ERROR_ZERO_RETURN) return Io::end;
    return reason == SSL_ERROR_WANT_READ || wants_write ? Io::none : Io::broken;
  }
  const ssize_t count = ::recv(client, to, room, 0);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? Io::none : Io::broken;
  size = static_cast<std::size_t>(count);
  return count == 0 ? Io::end : Io::some;
}

Gate::Io Gate::Link::send(std::string_view data, std::size_t& size) {
  if (tls) {
    ERR_clear_error();
    const int result = SSL_write_ex(tls.get(), data.data(), data.size(), &size);
    if (result == 1) return Io::some;
    const int reason = SSL_get_error(tls.get(), result);
    return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE ? Io::none : Io::broken;
  }
  const ssize_t count = ::send(client, data.data(), data.size(), MSG_NOSIGNAL);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? Io::none : Io::broken;
  size = static_cast<std::size_t>(count);
  return Io::some;
}

void Gate::Link::say_end() {
  if (tls) {
    ERR_clear_error();
    SSL_shutdown(tls.get());
  }
  ::shutdown(client, SHUT_WR);
}

}  // namespace fovea::tools
