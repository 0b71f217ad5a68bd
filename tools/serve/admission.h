// What the headers of a request say about where it comes from and what it brings.
#pragma once

#include <string>

#include "tools/serve/http.h"

namespace fovea::tools {

/// Whom the proxy in front has seen: the last address of X-Forwarded-For, or the peer if there is no sound one. Of IPv6
/// the first 64 bits count: they are one customer's.
std::string forwarded_client(const Request& request);

/// True if the value of a Host header means this machine by a loopback address or "localhost".
bool names_this_machine(const std::string& host);

/// True for image/* and application/octet-stream.
bool is_picture_type(const std::string& content_type);

/// Whether `?name=1` was asked for; `is_flag` is false for a value other than 0 and 1.
bool flag(const Request& request, const std::string& name);
bool is_flag(const Request& request, const std::string& name);

}  // namespace fovea::tools
