// What the server's parts hand to each other: a request, a response. Plain data, no HTTP library.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fovea::tools {

/// One file of a form, or a whole body. Names of files are never kept.
struct Upload {
  std::string field;  ///< name of the form's field, empty for a raw body
  std::string bytes;
};

struct Request {
  std::string method;
  std::string path;  ///< percent-decoded, without the query
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  ///< names in lower case; repeated ones joined by commas
  std::string peer;                            ///< numeric address of the other end
  std::string client;                          ///< `peer`, or whom a trusted proxy names
  std::string who;                             ///< name of the token or password that let it in, "" without one
  std::vector<Upload> uploads;

  /// "" if there is none.
  const std::string& header(const std::string& name) const {
    static const std::string none;
    const auto found = headers.find(name);
    return found == headers.end() ? none : found->second;
  }
};

struct Response {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Called once, from any thread, now or later.
using Reply = std::function<void(Response)>;

/// What a server does with requests. `admit` and `serve` are called by one thread and must not block.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  HttpHandler() = default;
  HttpHandler(const HttpHandler&) = delete;
  HttpHandler& operator=(const HttpHandler&) = delete;

  /// Once the headers are there. A response ends the request before its body is read. May set `client` and `who`.
  virtual std::optional<Response> admit(Request& request) = 0;
  /// Once the body is there. `gone` tells whether the client has left; it may be called until the reply is given.
  virtual void serve(Request& request, const Reply& reply, const std::function<bool()>& gone) = 0;
  /// The answer to what is wrong with the form of a request.
  virtual Response refusal(const Request& request, int status, const std::string& detail) = 0;
  /// Every response that is sent, and the seconds since its request's headers.
  virtual void answered(const Request& request, int status, double seconds) = 0;
};

}  // namespace fovea::tools
