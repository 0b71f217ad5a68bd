// What the headers of a request say about where it ends, and whether they say it clearly.
#include "tools/serve/http/framing.h"

#include <charconv>
#include <functional>
#include <set>

#include "tools/serve/http/ascii.h"

namespace fovea::tools {

void Framing::add(std::string_view name, std::string_view value) {
  const std::string key = lower_case(name);
  static const std::set<std::string, std::less<>> kOnce{"authorization", "content-length", "content-type",     "host",
                                                        "origin",        "sec-fetch-site", "transfer-encoding"};
  if (!is_token(name)) fault = "a header's name is malformed";
  if (value.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos) fault = "a header is malformed";
  if (kOnce.contains(key) && headers.contains(key)) fault = "the header " + key + " is there twice";
  if (key == "content-length") {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error != std::errc() || end != value.data() + value.size()) fault = "Content-Length is no number";
  }
  if (key == "transfer-encoding" && lower_case(value) != "chunked") fault = "Transfer-Encoding is not chunked";
  // What may come several times is a list.
  const auto [found, is_new] = headers.try_emplace(key, value);
  if (!is_new) found->second.append(", ").append(value);
}

std::string Framing::problem() const {
  if (!fault.empty()) return fault;
  if (headers.contains("content-length") && headers.contains("transfer-encoding")) {
    return "Content-Length and Transfer-Encoding exclude each other";
  }
  return "";
}

bool is_form(const std::string& content_type) {
  constexpr std::string_view kForm = "multipart/form-data";
  const std::string type = lower_case(content_type);
  return type.starts_with(kForm) &&
         (type.size() == kForm.size() || type[kForm.size()] == ';' || type[kForm.size()] == ' ');
}

std::vector<std::pair<const char*, const char*>> security_headers(bool tls) {
  std::vector<std::pair<const char*, const char*>> headers{
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
       "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "same-origin"},  // with none at all browsers hide the Origin of its own form
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"}};
  if (tls) headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
  return headers;
}

}  // namespace fovea::tools
