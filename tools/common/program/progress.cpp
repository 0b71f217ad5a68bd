// How far a batch is: a bar with rate and time left on a terminal, a few plain lines otherwise. Always on stderr.
#include "tools/common/program/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "text/text.h"

namespace fovea::tools {

namespace {

constexpr auto kBarInterval = std::chrono::milliseconds(100);  // smooth to the eye, nothing beside an inference
constexpr auto kMinLineInterval = std::chrono::seconds(2);     // a short run needs no more than its last line
constexpr auto kMaxLineInterval = std::chrono::seconds(60);    // a sign of life in the log of a long run
constexpr std::size_t kMinBar = 10;
constexpr std::size_t kMaxBar = 40;

std::size_t terminal_width(std::FILE* stream) {
  winsize size{};
  if (::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

std::string progress_text(const ProgressCount& count, double seconds) {
  const std::string all = std::to_string(count.total);
  const std::size_t percent = count.total == 0 ? 100 : count.done * 100 / count.total;
  std::string text = padded(std::to_string(count.done), all.size(), true) + "/" + all + "  " +
                     padded(std::to_string(percent), 3, true) + " %";
  if (count.done > count.resumed && seconds > 0) {
    const double rate = static_cast<double>(count.done - count.resumed) / seconds;
    text += "  " + fixed_text(rate, rate < 10 ? 2 : 1) + " " + count.unit + "/s";
    if (count.done < count.total) {
      text += "  " + duration_text(static_cast<double>(count.total - count.done) / rate) + " left";
    }
  }
  return count.failed == 0 ? text : text + "  " + std::to_string(count.failed) + " failed";
}

std::string progress_bar(const ProgressCount& count, double seconds, std::size_t width) {
  const std::string text = progress_text(count, seconds);
  // One column stays free: a full last column makes some terminals wrap.
  const std::size_t taken = text.size() + 4 + 1;
  if (width < taken + kMinBar) return text.substr(0, width > 0 ? width - 1 : 0);
  const std::size_t length = std::min(kMaxBar, width - taken);
  const std::size_t filled = count.total == 0 ? length : length * count.done / count.total;
  return "[" + std::string(filled, '#') + std::string(length - filled, '.') + "]  " + text;
}

Progress::Style Progress::style_for(std::FILE* stream) {
  return ::isatty(::fileno(stream)) != 0 ? Style::bar : Style::lines;
}

Progress::~Progress() { clear(); }

double Progress::seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

void Progress::update(const ProgressCount& count) {
  const Clock::time_point now = Clock::now();
  if (style_ == Style::bar) {
    if (bar_visible_ && now - shown_ < kBarInterval && count.done < count.total) return;
    const std::string bar = progress_bar(count, seconds(), terminal_width(stream_));
    std::fprintf(stream_, "\r\x1b[K%s", bar.c_str());
    bar_visible_ = true;
  } else if (style_ == Style::lines) {
    const std::size_t tenths = count.total == 0 ? 10 : count.done * 10 / count.total;
    const auto quiet = now - shown_;
    const bool due = tenths != shown_tenths_ ? quiet >= kMinLineInterval : quiet >= kMaxLineInterval;
    if (!due && (count.done < count.total || count.total == 0)) return;
    std::fprintf(stream_, "%s\n", progress_text(count, seconds()).c_str());
    shown_tenths_ = tenths;
  } else {
    return;
  }
  shown_ = now;
  std::fflush(stream_);
}

void Progress::clear() {
  if (!bar_visible_) return;
  std::fputs("\r\x1b[K", stream_);
  std::fflush(stream_);
  bar_visible_ = false;
}

}  // namespace fovea::tools
