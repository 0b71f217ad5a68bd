// HTTP over libmicrohttpd.
#include "tools/serve/http/http_server.h"

#include <microhttpd.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <mutex>

#include <fovea/error.h>
#include "tools/serve/http/framing.h"
#include "tools/serve/http/problem.h"

namespace fovea::tools {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kConnectionMemory = 48 * 1024;  // room for the longest head that the gate lets through
constexpr unsigned kSpareConnections = 64;            // between the watch's limit and the library's

int socket_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info != nullptr ? info->connect_fd : -1;
}

std::string address_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  if (info == nullptr || info->client_addr == nullptr) return "?";
  const socklen_t size = info->client_addr->sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  std::array<char, NI_MAXHOST> text{};
  if (::getnameinfo(info->client_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) return "?";
  return text.data();
}

// True for a client that will send nothing any more: it has left, or cannot be told from one that has. To be called
// only while the connection is there: in its thread, or while it is suspended.
bool has_left(int socket) {
  pollfd entry{socket, POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) > 0 && (entry.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

// One request and its answer. Shared by the connection and by whoever will reply.
struct HttpServer::Exchange {
  Exchange(MHD_Connection* from, const BodyLimits& limits, BodyBudget& budget)
      : connection(from), socket(socket_of(from)), body(limits, budget) {}

  void reply(Response answer) {
    const std::scoped_lock lock(mutex);
    if (response) return;
    response = std::move(answer);
    if (suspended) MHD_resume_connection(connection);
  }

  MHD_Connection* connection;
  int socket;
  Request request;
  Body body;
  Clock::time_point begun = Clock::now();
  bool served = false, last = false;  // last = the connection ends with this answer
  std::mutex mutex;                   // of what follows
  bool suspended = false;
  std::optional<Response> response;
};

// What the library calls. It is C: nothing may be thrown through it.
struct HttpServer::Callbacks {
  static MHD_Result request(void* self, MHD_Connection* connection, const char* url, const char* method, const char*,
                            const char* data, std::size_t* size, void** slot) {
    try {
      return static_cast<HttpServer*>(self)->on_request(connection, url, method, data, size, slot);
    } catch (...) {
      return MHD_NO;
    }
  }
  static void completed(void* self, MHD_Connection*, void** slot, MHD_RequestTerminationCode) {
    auto* server = static_cast<HttpServer*>(self);
    auto* exchange = static_cast<std::shared_ptr<Exchange>*>(*slot);
    if (exchange == nullptr) return;
    server->watch_.receiving((*exchange)->socket);
    delete exchange;
    *slot = nullptr;
    --server->in_flight_;
  }
  static void connection(void* self, MHD_Connection* connection, void**, MHD_ConnectionNotificationCode code) {
    try {
      ConnectionWatch& watch = static_cast<HttpServer*>(self)->watch_;
      if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        watch.opened(socket_of(connection), address_of(connection));
      } else {
        watch.closed(socket_of(connection));
      }
    } catch (...) {  // no memory for it: the connection stays without a deadline
      return;
    }
  }
  static MHD_Result header(void* to, MHD_ValueKind, const char* name, std::size_t name_size, const char* value,
                           std::size_t value_size) {
    try {
      auto* framing = static_cast<Framing*>(to);
      framing->add({name, name_size}, value != nullptr ? std::string_view(value, value_size) : std::string_view());
      return MHD_YES;
    } catch (...) {
      return MHD_NO;
    }
  }
  static MHD_Result query(void* to, MHD_ValueKind, const char* name, std::size_t name_size, const char* value,
                          std::size_t value_size) {
    try {
      auto* request = static_cast<Request*>(to);
      const auto [found, is_new] = request->query.try_emplace(
          std::string(name, name_size), value != nullptr ? std::string(value, value_size) : std::string());
      if (!is_new) found->second = "given twice";
      return MHD_YES;
    } catch (...) {
      return MHD_NO;
    }
  }
};

HttpServer::HttpServer(const Listener& listener, HttpHandler& handler, const HttpOptions& options, TlsContext tls)
    : handler_(handler), options_(options), tls_(tls != nullptr), watch_(options.connections) {
  const unsigned flags =
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_NO_LISTEN_SOCKET;
  daemon_ = MHD_start_daemon(
      flags, 0, nullptr, nullptr, &Callbacks::request, this, MHD_OPTION_NOTIFY_COMPLETED, &Callbacks::completed, this,
      MHD_OPTION_NOTIFY_CONNECTION, &Callbacks::connection, this, MHD_OPTION_CONNECTION_LIMIT,
      static_cast<unsigned>(options_.connections.connections) + kSpareConnections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      kConnectionMemory, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
  if (daemon_ == nullptr) {
    ::close(listener.socket);
    throw Error("the server cannot start: the system refuses a thread or a descriptor");
  }
  try {
    gate_ = std::make_unique<Gate>(
        listener.socket, std::move(tls),
        [this](int socket, const sockaddr* address, socklen_t size) {
          return MHD_add_connection(daemon_, socket, address, size) == MHD_YES;
        },
        [this](int status, const std::string& fault) { return refusal_text(status, fault); });
  } catch (...) {
    MHD_stop_daemon(daemon_);
    throw;
  }
}

HttpServer::~HttpServer() {
  gate_->stop_accepting();
  MHD_stop_daemon(daemon_);
}

void HttpServer::stop_accepting() {
  closing_ = true;
  gate_->stop_accepting();
}

// For the gate, which speaks past the library then.
std::string HttpServer::refusal_text(int status, const std::string& fault) {
  const Request unknown;
  const Response answer = handler_.refusal(unknown, status, fault);
  handler_.answered(unknown, status, 0);
  std::string text = "HTTP/1.1 " + std::to_string(status) + " " + status_text(status) +
                     "\r\nContent-Type: " + answer.type + "\r\nContent-Length: " + std::to_string(answer.body.size()) +
                     "\r\nConnection: close\r\n";
  for (const auto& [name, value] : answer.headers) text += name + ": " + value + "\r\n";
  for (const auto& [name, value] : security_headers(tls_)) text += std::string(name) + ": " + value + "\r\n";
  return text + "Cache-Control: no-store\r\n\r\n" + answer.body;
}

MHD_Result HttpServer::on_request(MHD_Connection* connection, const char* url, const char* method, const char* data,
                                  std::size_t* size, void** slot) {
  if (*slot == nullptr) return begin(connection, url, method, slot);
  const std::shared_ptr<Exchange> exchange = *static_cast<std::shared_ptr<Exchange>*>(*slot);
  if (*size > 0) {
    const bool goes_on = exchange->body.take(data, *size);
    *size = 0;
    return goes_on ? MHD_YES : MHD_NO;
  }
  return serve(exchange);
}

MHD_Result HttpServer::begin(MHD_Connection* connection, const char* url, const char* method, void** slot) {
  auto exchange = std::make_shared<Exchange>(connection, options_.body, body_bytes_);
  Request& request = exchange->request;
  request.method = method;
  request.path = url;
  request.peer = request.client = address_of(connection);
  Framing framing;
  MHD_get_connection_values_n(connection, MHD_HEADER_KIND, &Callbacks::header, &framing);
  MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, &Callbacks::query, &request);
  *slot = new std::shared_ptr<Exchange>(exchange);
  ++in_flight_;
  const std::string malformed = framing.problem();
  request.headers = std::move(framing.headers);
  if (!malformed.empty()) {
    exchange->last = true;
    exchange->response = handler_.refusal(request, 400, malformed);
  } else {
    exchange->response = handler_.admit(request);
    if (!exchange->response && framing.length > options_.body.bytes) {
      exchange->response =
          handler_.refusal(request, 413, "the body is larger than " + std::to_string(options_.body.bytes) + " bytes");
    }
  }
  if (exchange->response) {
    // The body of a refused request is not read: only the end of the connection tells where the next one would begin.
    if (framing.has_body()) exchange->last = true;
    return send(*exchange);
  }
  exchange->body.begin(connection, is_form(request.header("content-type")));
  return MHD_YES;
}

MHD_Result HttpServer::serve(const std::shared_ptr<Exchange>& exchange) {
  if (!exchange->served) {
    exchange->served = true;
    watch_.working(exchange->socket);
    exchange->body.finish();
    if (exchange->body.problem() != 0) {
      exchange->reply(handler_.refusal(exchange->request, exchange->body.problem(), exchange->body.detail()));
    } else {
      exchange->request.uploads = exchange->body.take_uploads();
      handler_.serve(
          exchange->request, [exchange](Response response) { exchange->reply(std::move(response)); },
          [exchange] { return has_left(exchange->socket); });
    }
  }
  const std::scoped_lock lock(exchange->mutex);
  if (exchange->response) return send(*exchange);
  exchange->suspended = true;
  MHD_suspend_connection(exchange->connection);
  return MHD_YES;
}

MHD_Result HttpServer::send(Exchange& exchange) {
  Response& answer = *exchange.response;
  watch_.sending(exchange.socket);
  // The bytes live as long as the exchange, and that ends after the answer.
  MHD_Response* response =
      MHD_create_response_from_buffer(answer.body.size(), answer.body.data(), MHD_RESPMEM_PERSISTENT);
  if (response == nullptr) return MHD_NO;
  MHD_add_response_header(response, "Content-Type", answer.type.c_str());
  for (const auto& [name, value] : answer.headers) MHD_add_response_header(response, name.c_str(), value.c_str());
  for (const auto& [name, value] : security_headers(tls_)) MHD_add_response_header(response, name, value);
  if (MHD_get_response_header(response, "Cache-Control") == nullptr) {
    MHD_add_response_header(response, "Cache-Control", "no-store");
  }
  // Of a client that sends no more the library would wait for the next request.
  if (exchange.last || closing_ || has_left(exchange.socket)) MHD_add_response_header(response, "Connection", "close");
  gate_->answered(exchange.socket);
  const MHD_Result result = MHD_queue_response(exchange.connection, static_cast<unsigned>(answer.status), response);
  MHD_destroy_response(response);
  handler_.answered(exchange.request, answer.status,
                    std::chrono::duration<double>(Clock::now() - exchange.begun).count());
  return result;
}

}  // namespace fovea::tools
