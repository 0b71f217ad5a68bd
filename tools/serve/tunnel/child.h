// A program that runs beside this one, and what it prints.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace fovea::tools {

/// Begun with no input; standard output and error come together, the last 64 KiB are kept. Ended with SIGTERM, and
/// SIGKILL if it does not obey, at the end of its life. Used by one thread.
class Child {
 public:
  /// The program is looked for in PATH. Throws Error "PROGRAM: reason".
  explicit Child(const std::vector<std::string>& command);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool ended();
  /// What was printed so far.
  const std::string& output();
  /// The last line that is no message for debugging, as OpenSSH's begin with "debug".
  std::string last_line();

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  bool ended_ = false;
  std::string output_;
};

/// The body of GET `path` at "127.0.0.1:PORT", "" if there is none within a second or two.
std::string fetch_local(const std::string& address, const std::string& path);

}  // namespace fovea::tools
