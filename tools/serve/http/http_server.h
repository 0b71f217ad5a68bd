// HTTP over libmicrohttpd behind a gate: one thread for all connections, requests in memory and in bounds, answers from
// any thread.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "tools/serve/http/body.h"
#include "tools/serve/http/connection_watch.h"
#include "tools/serve/http/gate.h"
#include "tools/serve/http/http.h"
#include "tools/serve/http/listen.h"

namespace fovea::tools {

struct HttpOptions {
  BodyLimits body;
  ConnectionLimits connections;
};

/// Accepts from its construction on. A request waits suspended while it is worked on and costs no thread.
class HttpServer {
 public:
  /// Takes the listener's socket over; `tls` null = none. `handler` must outlive the server. Throws Error.
  HttpServer(const Listener& listener, HttpHandler& handler, const HttpOptions& options, TlsContext tls);
  /// All replies must have been given.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// No new connections; those there are end with their next answer.
  void stop_accepting();
  /// Requests that were begun and are not answered in full.
  std::size_t in_flight() const { return in_flight_; }
  std::size_t connections() const { return watch_.count(); }

 private:
  struct Exchange;
  struct Callbacks;

  MHD_Result on_request(MHD_Connection* connection, const char* url, const char* method, const char* data,
                        std::size_t* size, void** slot);
  MHD_Result begin(MHD_Connection* connection, const char* url, const char* method, void** slot);
  MHD_Result serve(const std::shared_ptr<Exchange>& exchange);
  MHD_Result send(Exchange& exchange);
  std::string refusal_text(int status, const std::string& fault);

  HttpHandler& handler_;
  HttpOptions options_;
  bool tls_;
  std::atomic<bool> closing_{false};
  std::atomic<std::size_t> in_flight_{0};
  BodyBudget body_bytes_{0};
  ConnectionWatch watch_;
  MHD_Daemon* daemon_ = nullptr;
  std::unique_ptr<Gate> gate_;
};

}  // namespace fovea::tools
