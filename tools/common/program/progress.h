// How far a batch is: a bar with rate and time left on a terminal, a few plain lines otherwise. Always on stderr.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace fovea::tools {

struct ProgressCount {
  std::size_t done = 0, total = 0;
  std::size_t failed = 0;   ///< of those done
  std::size_t resumed = 0;  ///< of those done, by an earlier run; they are no part of the rate
  const char* unit = "images";
};

/// "[#####.....]  50/100  50 %  12.3 images/s  00:04 left  2 failed", fitted into `width` columns.
std::string progress_bar(const ProgressCount& count, double seconds, std::size_t width);

/// The same without the bar, for logs.
std::string progress_text(const ProgressCount& count, double seconds);

/// Called from one thread. Writing to a closed stream is harmless.
class Progress {
 public:
  enum class Style { none, lines, bar };

  /// `bar` if `stream` is a terminal, else `lines`.
  static Style style_for(std::FILE* stream);

  Progress(std::FILE* stream, Style style) : stream_(stream), style_(style) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(const ProgressCount& count);
  /// Takes the bar off the terminal, so that other text can follow.
  void clear();
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  std::FILE* stream_;
  Style style_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_ = start_;
  std::size_t shown_tenths_ = 0;
  bool bar_visible_ = false;
};

}  // namespace fovea::tools
