// What happens during a run, for machines: one JSON object a line.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "tools/common/grade/grader.h"
#include "tools/common/grade/run_record.h"

namespace fovea::tools {

/// Events: `start` once the model is loaded, `image` for each image in order, `progress` once a second at most, `end`.
/// All have `seconds` since the start. Every line is written at once and whole.
class JsonLog {
 public:
  JsonLog() = default;  ///< writes nothing
  ~JsonLog();
  JsonLog(const JsonLog&) = delete;
  JsonLog& operator=(const JsonLog&) = delete;

  /// "" = none, "-" = standard error, else a file, which is created or appended to. Throws Error.
  void open(const std::string& where);
  /// Then nothing else may be written to standard error.
  bool on_stderr() const { return path_ == "-"; }

  void start(const RunRecord& record);
  void image(std::size_t index, const InputItem& item, const Graded& graded);
  /// `done` and `failed` count all images so far, `resumed` those that an earlier run had done.
  void progress(std::size_t done, std::size_t total, std::size_t failed, std::size_t resumed);
  /// `status`: complete, interrupted or failed; `message` says why it is not complete.
  void end(const std::string& status, int exit_code, const std::string& message);

 private:
  using Clock = std::chrono::steady_clock;
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }
  void write(const std::string& line);

  std::string path_;
  int descriptor_ = -1;
  Clock::time_point begun_ = Clock::now(), last_progress_ = begun_;
  std::size_t graded_ = 0, failed_ = 0;  // by this process
};

}  // namespace fovea::tools
