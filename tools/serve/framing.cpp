// What the headers of a request say about where it ends, and whether they say it clearly.
#include "tools/serve/framing.h"

#include <algorithm>
#include <charconv>

namespace fovea::tools {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

bool is_token(std::string_view text) {
  constexpr std::string_view kAlso = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kAlso.find(c) != std::string_view::npos;
  });
}

}  // namespace

void Framing::add(std::string_view name, std::string_view value) {
  const std::string key = lower(name);
  const bool once = key == "content-length" || key == "transfer-encoding" || key == "host" || key == "content-type" ||
                    key == "authorization";
  if (!is_token(name)) fault = "a header's name is malformed";
  if (value.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos) fault = "a header is malformed";
  if (once && headers.contains(key)) fault = "the header " + key + " is there twice";
  if (key == "content-length") {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error != std::errc() || end != value.data() + value.size()) fault = "Content-Length is no number";
  }
  if (key == "transfer-encoding" && lower(value) != "chunked") fault = "Transfer-Encoding is not chunked";
  headers[key] = std::string(value);
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
  const std::string type = lower(content_type);
  return type.starts_with(kForm) &&
         (type.size() == kForm.size() || type[kForm.size()] == ';' || type[kForm.size()] == ' ');
}

void add_security_headers(MHD_Response* response, bool tls) {
  const auto add = [&](const char* name, const char* value) { MHD_add_response_header(response, name, value); };
  add("Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  add("X-Content-Type-Options", "nosniff");
  add("X-Frame-Options", "DENY");
  add("Referrer-Policy", "no-referrer");
  add("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  add("Cross-Origin-Opener-Policy", "same-origin");
  add("Cross-Origin-Resource-Policy", "same-origin");
  if (MHD_get_response_header(response, "Cache-Control") == nullptr) add("Cache-Control", "no-store");
  if (tls) add("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace fovea::tools
