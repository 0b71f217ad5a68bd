// What the headers of a request say about where it ends, and whether they say it clearly.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fovea::tools {

/// Collects headers. A request that two programs could read as ending at two places (request smuggling) is malformed.
struct Framing {
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::uint64_t length = 0;                    ///< as Content-Length says
  std::string fault;

  void add(std::string_view name, std::string_view value);
  bool has_body() const { return length > 0 || headers.contains("transfer-encoding"); }
  /// What is wrong, "" = nothing.
  std::string problem() const;
};

/// True for multipart/form-data.
bool is_form(const std::string& content_type);

/// What keeps browsers from doing more with an answer than showing it.
std::vector<std::pair<const char*, const char*>> security_headers(bool tls);

}  // namespace fovea::tools
