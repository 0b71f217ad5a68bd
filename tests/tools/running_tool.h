// A built program that runs beside its test, to be stopped and ended by signals.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/tools/run_tool.h"

namespace fovea::test {

/// batch-predict with these arguments; ended by SIGKILL if it still runs at the end of its life.
class RunningTool {
 public:
  explicit RunningTool(const std::vector<std::string>& arguments);
  ~RunningTool();
  RunningTool(const RunningTool&) = delete;
  RunningTool& operator=(const RunningTool&) = delete;

  void signal(int number) const;
  /// Waits for its end. `exit_code` is -signal if one ended it.
  ToolResult wait();
  /// Waits until `file` has at least this many lines; false if the program ended before.
  bool wait_for_lines(const std::string& file, std::size_t lines);

 private:
  bool ended();

  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
  std::string folder_;
};

}  // namespace fovea::test
