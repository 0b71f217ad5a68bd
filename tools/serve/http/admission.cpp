// What the headers of a request say about where it comes from and what it brings.
#include "tools/serve/http/admission.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "tools/serve/http/ascii.h"

namespace fovea::tools {

namespace {

struct HostPort {
  std::string host;  // in lower case, without brackets and without a dot at its end
  std::string port;  // "" if none is named
};

std::optional<HostPort> host_and_port(std::string_view text) {
  HostPort parts;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    parts.host = lower_case(text.substr(1, end - 1));
    rest = text.substr(end + 1);
    const std::optional<Address> address = parse_address(parts.host);
    if (!address || parts.host.find(':') == std::string::npos) return std::nullopt;
    parts.host = address->text();
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    parts.host = lower_case(text.substr(0, colon));
    rest = text.substr(colon);
    if (parts.host.ends_with('.')) parts.host.pop_back();
    const bool sound = !parts.host.empty() && std::all_of(parts.host.begin(), parts.host.end(), [](char c) {
      return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
    });
    if (!sound) return std::nullopt;
  }
  if (rest.empty()) return parts;
  parts.port = rest.substr(1);
  const bool sound = rest.front() == ':' && rest.size() <= 6 && std::all_of(rest.begin() + 1, rest.end(), is_digit);
  return sound ? std::optional(parts) : std::nullopt;
}

// A name or address on the command line, with or without brackets, as it stands in a Host header.
std::optional<std::string> named_host(const std::string& name) {
  if (const auto address = parse_address(name)) return address->text();
  const std::optional<HostPort> parts = host_and_port(name);
  return parts && parts->port.empty() && !name.ends_with(':') ? std::optional(parts->host) : std::nullopt;
}

// An entry of X-Forwarded-For; some proxies write the port behind it.
std::optional<Address> forwarded_address(std::string_view entry) {
  entry = trimmed(entry);
  if (auto address = parse_address(entry)) return address;
  const std::optional<HostPort> parts = host_and_port(entry);
  return parts ? parse_address(parts->host) : std::nullopt;
}

bool same_place(const std::string& origin, const std::string& host, const std::string& scheme) {
  const std::size_t end = origin.find("://");
  if (end == std::string::npos) return false;  // "null" among them
  const std::string own = lower_case(origin.substr(0, end));
  const std::optional<HostPort> from = host_and_port(std::string_view(origin).substr(end + 3)),
                                to = host_and_port(host);
  if (!from || !to || from->host != to->host) return false;
  if (scheme.empty()) return own == "http" || own == "https";
  const auto port = [&](const HostPort& parts) {
    return !parts.port.empty() ? parts.port : scheme == "https" ? std::string("443") : std::string("80");
  };
  return own == scheme && port(*from) == port(*to);
}

}  // namespace

std::string client_address(const Request& request, const std::vector<Network>& proxies) {
  const auto is_proxy = [&](const Address& address) {
    return std::any_of(proxies.begin(), proxies.end(), [&](const Network& proxy) { return proxy.contains(address); });
  };
  std::optional<Address> client = parse_address(request.peer);
  if (!client) return request.peer;
  std::string_view rest = request.header("x-forwarded-for");
  while (is_proxy(*client) && !rest.empty()) {
    const std::size_t comma = rest.rfind(',');
    const std::optional<Address> before =
        forwarded_address(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
    if (!before) break;
    client = before;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
  }
  return client->text();
}

bool names_this_machine(const std::string& host, const std::vector<std::string>& names) {
  const std::optional<HostPort> parts = host_and_port(host);
  if (!parts) return false;
  if (parts->host == "localhost" || parts->host.ends_with(".localhost") || is_loopback(parts->host)) return true;
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return named_host(name) == parts->host; });
}

bool is_host_name(const std::string& name) { return named_host(name).has_value(); }

bool from_own_page(const Request& request, const std::string& scheme) {
  const std::string& site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return false;
  const auto origin = request.headers.find("origin");
  // Browsers that keep all referrers to themselves hide the origin of their own pages too; where it says same-origin,
  // they compared it.
  if (site == "same-origin" && origin != request.headers.end() && origin->second == "null") return true;
  return origin == request.headers.end() || same_place(origin->second, request.header("host"), scheme);
}

bool is_picture_type(const std::string& content_type) {
  const std::string type = lower_case(trimmed(std::string_view(content_type).substr(0, content_type.find(';'))));
  return type.starts_with("image/") || type == "application/octet-stream";
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
