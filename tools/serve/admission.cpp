// What the headers of a request say about where it comes from and what it brings.
#include "tools/serve/admission.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "tools/serve/connection_watch.h"

namespace fovea::tools {

std::string forwarded_client(const Request& request) {
  const std::string& header = request.header("x-forwarded-for");
  std::string last = header.substr(header.rfind(',') == std::string::npos ? 0 : header.rfind(',') + 1);
  std::erase(last, ' ');
  in_addr ipv4{};
  if (::inet_pton(AF_INET, last.c_str(), &ipv4) == 1) return last;
  in6_addr ipv6{};
  if (::inet_pton(AF_INET6, last.c_str(), &ipv6) != 1) return request.peer;
  std::fill(ipv6.s6_addr + 8, ipv6.s6_addr + 16, std::uint8_t{0});
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(AF_INET6, &ipv6, text.data(), text.size()) != nullptr ? text.data() : request.peer;
}

bool names_this_machine(const std::string& host) {
  std::string name = host;
  if (name.starts_with("[")) {
    name = name.substr(1, name.find(']') == std::string::npos ? 0 : name.find(']') - 1);
  } else {
    name = name.substr(0, name.find(':'));
  }
  in_addr ipv4{};
  if (::inet_pton(AF_INET, name.c_str(), &ipv4) == 1 || name == "::1") return is_loopback(name);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name == "localhost" || name.ends_with(".localhost");
}

bool is_picture_type(const std::string& content_type) {
  return content_type.starts_with("image/") || content_type == "application/octet-stream";
}

bool flag(const Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found != request.query.end() && found->second == "1";
}

bool is_flag(const Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() || found->second == "1" || found->second == "0";
}

}  // namespace fovea::tools
