// What the server answers: routes, who may ask, and how often.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/serve/grade_service.h"
#include "tools/serve/http/address.h"
#include "tools/serve/http/http.h"
#include "tools/serve/metrics.h"
#include "tools/serve/pages.h"
#include "tools/serve/security/audit_log.h"
#include "tools/serve/security/auth.h"
#include "tools/serve/security/rate_limit.h"

namespace fovea::tools {

struct AppOptions {
  PageFacts facts;
  std::vector<Network> proxies;    ///< whose X-Forwarded-For is believed
  bool only_proxies = false;       ///< nobody else is answered
  bool check_host = false;         ///< only names of this machine in Host: a page elsewhere cannot reach in by DNS
  std::vector<std::string> names;  ///< of this machine, beside those of loopback
  std::string scheme;              ///< http or https, "" = a proxy decides
  double images_per_minute = 0;    ///< of one client, 0 = no limit
};

/// All parts must outlive the app; `auth` and `audit` may be null.
class App : public HttpHandler {
 public:
  App(const AppOptions& options, GradeService& service, Metrics& metrics, Auth* auth, AuditLog* audit);

  std::optional<Response> admit(Request& request) override;
  void serve(Request& request, const Reply& reply, const std::function<bool()>& gone) override;
  Response refusal(const Request& request, int status, const std::string& detail) override;
  void answered(const Request& request, int status, double seconds) override;

  /// Says ready from now on, or no longer.
  void set_ready(bool ready) { ready_ = ready; }
  /// Where the number of connections comes from.
  void set_gauges(std::function<Gauges()> gauges) { gauges_ = std::move(gauges); }

 private:
  static constexpr const char* kPredict = "/api/v1/predict";
  static constexpr const char* kSubmit = "/submit";  // answered with pages

  struct Route;
  static const Route* find(const std::string& path);
  std::optional<Response> refuse_stranger(Request& request);
  std::optional<Response> refuse_upload(const Request& request);
  Response error(const Request& request, int status, const std::string& code, const std::string& detail) const;
  Response busy(const Request& request) const;
  Response not_recorded(const Request& request) const;
  bool is_ready() const { return ready_ && (audit_ == nullptr || audit_->sound()); }
  void predict(Request& request, const Reply& reply, const std::function<bool()>& gone);
  Response results(const Request& request, Outcome outcome, const std::vector<GradedPicture>& pictures);
  Response answer(const Request& request) const;
  Response health(bool ready_asked) const;
  Response metrics_page() const;

  AppOptions options_;
  GradeService& service_;
  Metrics& metrics_;
  Auth* auth_;
  AuditLog* audit_;
  RateLimit images_;
  std::atomic<bool> ready_{false};
  std::function<Gauges()> gauges_;
};

}  // namespace fovea::tools
