// grade-server from its arguments to its end.
#include "tools/serve/run.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>

#include <fovea/error.h>
#include <fovea/version.h>
#include "grading/pipeline/find_card.h"
#include "grading/pipeline/open_model.h"
#include "text/text.h"
#include "tools/common/grade/labels.h"
#include "tools/common/program/demo.h"
#include "tools/common/program/exit_code.h"
#include "tools/common/program/process.h"
#include "tools/serve/app.h"
#include "tools/serve/http/http_server.h"
#include "tools/serve/security/audit_commands.h"
#include "tools/serve/tunnel/tunnel.h"

namespace fovea::tools {

namespace {

constexpr std::chrono::milliseconds kTick{50};
constexpr std::chrono::seconds kDecodeTime{10};
constexpr double kRate = 120;  // pictures a minute and client, where strangers come
constexpr std::uint64_t kMiB = 1 << 20;

void say(const std::string& line) {
  std::printf("%s\n", printable(line).c_str());
  std::fflush(stdout);
}

// Every connection needs descriptors. Throws Error if the system allows too few.
void allow_connections(int connections) {
  constexpr rlim_t kEach = 3, kOthers = 192;  // two of the relay, one of the client
  rlimit limit{};
  const rlim_t needed = kEach * static_cast<rlim_t>(connections) + kOthers;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return;
  limit.rlim_cur = std::min(needed, limit.rlim_max);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < needed) {
    throw Error("--connections " + std::to_string(connections) + ": the system allows " +
                std::to_string(limit.rlim_cur) + " descriptors (ulimit -n)");
  }
}

AppOptions app_options(const ServeArguments& a, const Pipeline& pipeline, bool heat_maps) {
  AppOptions options;
  options.facts = {&pipeline, heat_maps, a.accuracy, static_cast<std::size_t>(a.max_body_mib) * kMiB,
                   static_cast<std::size_t>(a.max_files)};
  const bool loopback = is_loopback_host(a.host), own_machine = loopback && !a.behind_proxy && a.tunnel.empty();
  for (const std::string& proxy : a.proxies) options.proxies.push_back(*parse_network(proxy));
  if (a.behind_proxy && a.proxies.empty()) options.proxies = {*parse_network("127.0.0.0/8"), *parse_network("::1")};
  options.only_proxies = a.behind_proxy && !loopback;
  // By a tunnel, or from elsewhere with TLS, one comes with any name; a token is then needed.
  options.check_host = own_machine || a.behind_proxy || !a.server_names.empty();
  options.names = a.server_names;
  options.scheme = a.behind_proxy || !a.tunnel.empty() ? "" : a.tls_cert.empty() ? "http" : "https";
  options.images_per_minute = a.rate >= 0 ? a.rate : own_machine ? 0 : kRate;
  return options;
}

HttpOptions http_options(const ServeArguments& a) {
  HttpOptions options;
  options.body.bytes = static_cast<std::size_t>(a.max_body_mib) * kMiB;
  options.body.files = static_cast<std::size_t>(a.max_files);
  options.body.all_bytes = std::max<std::size_t>(8 * options.body.bytes, 512 * kMiB);
  options.connections.connections = static_cast<std::size_t>(a.connections);
  options.connections.per_client = static_cast<std::size_t>(a.connections_per_client);
  options.connections.request = std::chrono::seconds(a.request_seconds);
  options.connections.response = std::chrono::seconds(std::max(60, a.request_seconds));
  return options;
}

// Ready once the model has shown that it computes here what it should: the card's answer if that states one, else
// finite numbers.
std::future<void> make_ready(const ServeArguments& a, const Pipeline& pipeline, int threads, App& app) {
  return std::async(std::launch::async, [skipped = a.no_self_test, &pipeline, threads, &app] {
    const ModelCard& card = pipeline.card();
    examine(pipeline.model(), card, threads);
    if (!card.self_test && !skipped) {
      Session session(pipeline.model(), {1, threads});
      self_test_outputs(session, 1, input_range(card.preprocessing.normalise));
    }
    app.set_ready(true);
  });
}

// Until a signal comes. Throws what the making ready threw.
void serve_until_stopped(GradeService& service, AuditKeeper& audit, std::future<void>& ready) {
  while (!stop_requested()) {
    std::this_thread::sleep_for(kTick);
    service.end_overdue();
    audit.tick();
    if (ready.valid() && ready.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
      ready.get();
      say("ready");
    }
  }
}

// What was begun is finished, within the time that one request may take.
void finish(HttpServer& server, App& app, GradeService& service, std::chrono::seconds longest) {
  app.set_ready(false);
  server.stop_accepting();
  const auto until = std::chrono::steady_clock::now() + longest;
  while (server.in_flight() > 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kTick / 5);
    service.end_overdue();
  }
  service.stop();
}

int serve(ServeArguments a) {
  if (a.demo) a.model = find_demo(a.weights_dir).model;
  use_decode_memory(a);
  const ModelCard card = find_card(a);
  allow_connections(a.connections);
  const std::unique_ptr<Auth> auth = a.auth_file.empty() ? nullptr : std::make_unique<Auth>(a.auth_file);
  const OpenedAudit opened = open_audit_log(a.audit_log, a.audit_key);
  AuditLog* const audit = opened.log.get();
  AuditKeeper keeper(audit);
  const HttpOptions http = http_options(a);
  TlsContext tls = a.tls_cert.empty() ? nullptr : make_tls_context(a.tls_cert, a.tls_key);
  const Listener listener = listen_on(a.host, a.port);

  const std::shared_ptr<const Model> model = open_grading_model(a, card);
  const Pipeline pipeline(model, card, {a.batch, a.tta, a.fast_decode});
  if (audit != nullptr) audit->append("start", {{{"model_sha256", model->provenance().sha256}, {"fovea", version()}}});
  Metrics metrics;
  ServiceOptions service_options;
  service_options.threads = a.threads > 0 ? a.threads : allowed_threads();
  service_options.queue = static_cast<std::size_t>(a.queue);
  service_options.time_limit = std::chrono::seconds(a.time_limit);
  DecodeLimits& limits = service_options.decode.limits;
  limits.max_file_bytes = http.body.bytes;
  limits.max_pixels = std::int64_t{a.max_megapixels} * 1000 * 1000;
  limits.time = std::min<std::chrono::milliseconds>(kDecodeTime, service_options.time_limit);
  service_options.decode.accept_damaged = a.accept_damaged;
  const HeatMaps heat_maps(model);
  GradeService service(pipeline, heat_maps, service_options, metrics);
  App app(app_options(a, pipeline, heat_maps.available()), service, metrics, auth.get(), audit);
  HttpServer server(listener, app, http, std::move(tls));
  app.set_gauges([&server] { return Gauges{0, server.connections(), server.in_flight(), false}; });

  say("grade-server (fovea) " + std::string(version()) + ": " + (a.tls_cert.empty() ? "http://" : "https://") +
      listener.host + ":" + std::to_string(listener.port) + "/");
  if (!opened.made_key.empty()) say("a key was made for the audit log: " + opened.made_key);
  if (card.demo) say("*** " + std::string(kDemoMark) + " ***");
  if (!heat_maps.available()) say("no heat maps: " + heat_maps.reason());
  std::future<void> ready = make_ready(a, pipeline, service_options.threads, app);
  const std::unique_ptr<Tunnel> tunnel =
      open_tunnel({a.tunnel, a.tunnel_port, a.ssh_config, listener.host, listener.port}, say);
  // Whatever ends this: the workers' last replies come before the server goes.
  struct StopService {
    GradeService& service;
    ~StopService() { service.stop(); }
  } const stop{service};
  serve_until_stopped(service, keeper, ready);
  finish(server, app, service, std::chrono::seconds(a.time_limit + a.request_seconds));
  if (audit != nullptr) {
    audit->append("stop", {nlohmann::ordered_json::object()});
    say("audit log: " + count_text(audit->place().lines, "line") + ", last code " + audit->place().code);
  }
  return kExitOk;
}

}  // namespace

int run_server(ServeArguments a) {
  if (!a.verify_audit.empty()) return check_audit_logs(a.verify_audit, a.audit_key);
  if (!a.new_audit_key.empty()) {
    AuditKey::create(a.new_audit_key);
    return kExitOk;
  }
  if (!a.new_token.empty()) {
    say(add_token(a.auth_file, a.new_token));
    return kExitOk;
  }
  if (!a.new_password.empty()) {
    std::string password;
    std::getline(std::cin, password);
    add_password(a.auth_file, a.new_password, password);
    return kExitOk;
  }
  return serve(std::move(a));
}

}  // namespace fovea::tools
