// The socket that a server listens on.
#include "tools/serve/http/listen.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fovea/error.h>
#include "tools/serve/http/address.h"

namespace fovea::tools {

namespace {

constexpr int kBacklog = 1024;

struct FreeAddress {
  void operator()(addrinfo* info) const { ::freeaddrinfo(info); }
};
using AddressInfo = std::unique_ptr<addrinfo, FreeAddress>;

// Names are not asked for: which machine may reach the server must not depend on a name server.
AddressInfo resolved(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  const std::string numeric = host == "localhost" ? "127.0.0.1" : host;
  const int failed = ::getaddrinfo(numeric.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed != 0) throw Error("--host " + host + ": is no address (127.0.0.1, 0.0.0.0, ::1, ...)");
  return AddressInfo(found);
}

std::string numeric_host(const sockaddr* address, socklen_t size) {
  std::array<char, NI_MAXHOST> text{};
  if (::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) return "?";
  return text.data();
}

}  // namespace

bool is_loopback_host(const std::string& host) {
  const AddressInfo address = resolved(host, 0);
  return is_loopback(numeric_host(address->ai_addr, address->ai_addrlen));
}

Listener listen_on(const std::string& host, int port) {
  const AddressInfo address = resolved(host, port);
  const auto fail = [&](int socket) {
    const std::string reason = std::strerror(errno);
    if (socket >= 0) ::close(socket);
    throw Error("cannot listen on " + host + " port " + std::to_string(port) + ": " + reason);
  };
  const int socket = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) fail(socket);
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket, address->ai_addr, address->ai_addrlen) != 0 || ::listen(socket, kBacklog) != 0) fail(socket);
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) fail(socket);
  Listener listener;
  listener.socket = socket;
  listener.port = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(bound).sin6_port
                                                    : reinterpret_cast<const sockaddr_in&>(bound).sin_port);
  listener.host = numeric_host(reinterpret_cast<const sockaddr*>(&bound), size);
  listener.loopback = is_loopback(listener.host);
  if (bound.ss_family == AF_INET6) listener.host = "[" + listener.host + "]";
  return listener;
}

}  // namespace fovea::tools
