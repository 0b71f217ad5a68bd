// What the headers of a request say about where it comes from and what it brings.
#pragma once

#include <string>
#include <vector>

#include "tools/serve/http/address.h"
#include "tools/serve/http/http.h"

namespace fovea::tools {

/// Whom the proxies in front have seen: going through X-Forwarded-For from its end, the first address that is no
/// proxy's. The peer's if that is no proxy; behind an entry that is no address nothing is believed.
std::string client_address(const Request& request, const std::vector<Network>& proxies);

/// True if the value of a Host header means this machine by a loopback address or "localhost", or one of `names`.
bool names_this_machine(const std::string& host, const std::vector<std::string>& names);

/// True for a name or address that can stand in a Host header, without a port.
bool is_host_name(const std::string& name);

/// True unless the request says that another site's page sends it: by Sec-Fetch-Site, or by an Origin that is not the
/// place the request goes to. `scheme` is the server's, or "" if a proxy in front decides on it and on the port.
bool from_own_page(const Request& request, const std::string& scheme);

/// True for image/* and application/octet-stream.
bool is_picture_type(const std::string& content_type);

/// Whether `?name=1` was asked for; `is_flag` is false for a value other than 0 and 1.
bool flag(const Request& request, const std::string& name);
bool is_flag(const Request& request, const std::string& name);

}  // namespace fovea::tools
