// What the server answers.
#include "tools/serve/app.h"

#include <algorithm>
#include <array>

#include <fovea/version.h>
#include "text/text.h"
#include "tools/serve/assets.h"
#include "tools/serve/http/admission.h"
#include "tools/serve/http/framing.h"
#include "tools/serve/http/problem.h"
#include "tools/serve/results.h"

namespace fovea::tools {

struct App::Route {
  const char* path;
  const char* method;      // beside GET goes HEAD
  const char* asset = "";  // a file that is the whole answer
  const char* type = "";
};

namespace {

bool is_health(const std::string& path) { return path.starts_with("/health/"); }

}  // namespace

App::App(const AppOptions& options, GradeService& service, Metrics& metrics, Auth* auth, AuditLog* audit)
    : options_(options),
      service_(service),
      metrics_(metrics),
      auth_(auth),
      audit_(audit),
      images_(options.images_per_minute) {}

const App::Route* App::find(const std::string& path) {
  static constexpr std::array kRoutes{
      Route{"/", "GET"},
      Route{"/about", "GET"},
      Route{kSubmit, "POST"},
      Route{kPredict, "POST"},
      Route{"/api/v1/model", "GET"},
      Route{"/health/live", "GET"},
      Route{"/health/ready", "GET"},
      Route{"/metrics", "GET"},
      Route{"/openapi.json", "GET", "openapi.json", "application/json"},
      Route{"/assets/app.css", "GET", "app.css", "text/css; charset=utf-8"},
      Route{"/assets/app.js", "GET", "app.js", "text/javascript; charset=utf-8"},
      Route{"/assets/icon.svg", "GET", "icon.svg", "image/svg+xml"},
  };
  const auto* const found =
      std::find_if(kRoutes.begin(), kRoutes.end(), [&](const Route& route) { return path == route.path; });
  return found == kRoutes.end() ? nullptr : found;
}

Response App::error(const Request& request, int status, const std::string& code, const std::string& detail) const {
  return request.path == kSubmit ? error_page(status, detail) : problem(status, code, detail);
}

Response App::busy(const Request& request) const {
  Response response = error(request, 503, "queue-full", "all places in the queue are taken, try again later");
  response.headers.emplace_back("Retry-After", std::to_string(service_.retry_after()));
  return response;
}

Response App::not_recorded(const Request& request) const {
  Response response = error(request, 503, "audit-log", "grades cannot be recorded, so that none are given");
  response.headers.emplace_back("Retry-After", "60");
  return response;
}

std::optional<Response> App::admit(Request& request) {
  request.client = client_address(request, options_.proxies);
  if (auto refused = refuse_stranger(request)) return refused;
  const Route* route = find(request.path);
  if (route == nullptr) return problem(404, "not-found", "there is nothing at this address");
  const bool get = std::string_view(route->method) == "GET";
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (request.path == kSubmit && reads) return Response{303, "text/plain", "", {{"Location", "/"}}};
  if (request.method != route->method && !(get && reads)) {
    Response response = problem(405, "method-not-allowed", "this address takes " + std::string(route->method));
    response.headers.emplace_back("Allow", get ? "GET, HEAD" : request.path == kSubmit ? "GET, HEAD, POST" : "POST");
    return response;
  }
  return get ? std::nullopt : refuse_upload(request);
}

std::optional<Response> App::refuse_stranger(Request& request) {
  const std::optional<Address> peer = parse_address(request.peer);
  const bool from_proxy = peer && std::any_of(options_.proxies.begin(), options_.proxies.end(),
                                              [&](const Network& proxy) { return proxy.contains(*peer); });
  if (options_.only_proxies && !from_proxy && !(peer && peer->loopback() && is_health(request.path))) {
    return problem(403, "not-the-proxy", "this server is reached through its proxy only");
  }
  if (options_.check_host && !names_this_machine(request.header("host"), options_.names)) {
    return problem(421, "misdirected", "the request names another machine in its Host header");
  }
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && !from_own_page(request, options_.scheme)) {
    return problem(403, "cross-site", "another site's page may not send this");
  }
  if (auth_ == nullptr || is_health(request.path)) return std::nullopt;
  Auth::Checked checked = auth_->check(request.header("authorization"), limited_as(request.client));
  request.who = std::move(checked.who);
  if (checked.answer == Auth::Answer::yes) return std::nullopt;
  if (checked.answer == Auth::Answer::too_often) {
    Response response = problem(429, "too-many-failures", "too many wrong passwords, wait before the next attempt");
    response.headers.emplace_back("Retry-After", "60");
    return response;
  }
  Response response = problem(401, "unauthorized", "a token or a name with its password is needed");
  response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"fovea\", charset=\"UTF-8\"");
  response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"fovea\"");
  return response;
}

std::optional<Response> App::refuse_upload(const Request& request) {
  const std::string& type = request.header("content-type");
  const bool raw = request.path == kPredict && is_picture_type(type);
  if (!is_form(type) && !raw) {
    return error(request, 415, "unsupported-media-type",
                 "send multipart/form-data with files, or one picture as image/* or application/octet-stream");
  }
  for (const char* name : {"heatmap", "preprocessed"}) {
    if (!is_flag(request, name)) return error(request, 400, "bad-query", std::string(name) + " is 0 or 1");
  }
  if (flag(request, "heatmap") && !options_.facts.heat_maps) {
    return error(request, 501, "no-heat-map", "heat maps cannot be computed for this model");
  }
  if (audit_ != nullptr && !audit_->sound()) return not_recorded(request);
  if (!ready_) {
    Response response = error(request, 503, "not-ready", "the server is starting or stopping");
    response.headers.emplace_back("Retry-After", "5");
    return response;
  }
  // Before the body is sent: each request has one picture at least.
  const std::string client = limited_as(request.client);
  if (!images_.take(client)) {
    Response response = error(request, 429, "rate-limit", "too many pictures in a short time");
    response.headers.emplace_back("Retry-After", std::to_string(images_.retry_after(client)));
    return response;
  }
  if (service_.is_full()) return busy(request);
  return std::nullopt;
}

Response App::refusal(const Request& request, int status, const std::string& detail) {
  const char* code = status == 413 || status == 414 || status == 431 ? "too-large"
                     : status == 503                                 ? "queue-full"
                                                                     : "bad-request";
  Response response = error(request, status, code, detail);
  if (status == 503) response.headers.emplace_back("Retry-After", std::to_string(service_.retry_after()));
  return response;
}

void App::answered(const Request&, int status, double seconds) { metrics_.request(status, seconds); }

void App::serve(Request& request, const Reply& reply, const std::function<bool()>& gone) {
  if (request.method == "POST") {
    predict(request, reply, gone);
  } else {
    reply(answer(request));
  }
}

Response App::answer(const Request& request) const {
  const Route& route = *find(request.path);
  if (*route.asset != '\0') {
    const std::string body = filled(asset(route.asset), "version", version());
    return {200, route.type, body, {{"Cache-Control", "no-cache"}}};
  }
  if (request.path == "/") return index_page(options_.facts);
  if (request.path == "/about") return about_page(options_.facts);
  if (request.path == "/api/v1/model") {
    return {200,
            "application/json",
            model_json(*options_.facts.pipeline, options_.facts.heat_maps, options_.facts.accuracy),
            {}};
  }
  if (request.path == "/metrics") return metrics_page();
  return health(request.path == "/health/ready");
}

Response App::health(bool ready_asked) const {
  if (ready_asked && !is_ready()) {
    Response response = problem(503, "not-ready", "the server is starting or stopping");
    response.headers.emplace_back("Retry-After", "5");
    return response;
  }
  return {200, "application/json", std::string("{\"status\":\"") + (ready_asked ? "ready" : "live") + "\"}\n", {}};
}

Response App::metrics_page() const {
  Gauges gauges = gauges_ ? gauges_() : Gauges{};
  gauges.queued = service_.queued();
  gauges.ready = is_ready();
  return {200,
          "text/plain; version=0.0.4; charset=utf-8",
          metrics_.text(gauges, options_.facts.pipeline->model()->provenance().sha256),
          {}};
}

}  // namespace fovea::tools
