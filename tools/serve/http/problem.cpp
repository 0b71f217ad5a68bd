// Errors as RFC 9457 has them.
#include "tools/serve/http/problem.h"

#include <nlohmann/json.hpp>

#include "text/text.h"

namespace fovea::tools {

std::string status_text(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 414:
      return "URI Too Long";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 429:
      return "Too Many Requests";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Error";
  }
}

Response problem(int status, const std::string& code, const std::string& detail) {
  const nlohmann::ordered_json json{{"type", "urn:fovea:problem:" + code},
                                    {"title", status_text(status)},
                                    {"status", status},
                                    {"detail", printable(detail)}};
  return {status,
          "application/problem+json",
          json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n",
          {}};
}

}  // namespace fovea::tools
