// The lines of an open file, none longer than a limit, with the place where each ends.
#include "tools/common/files/line_reader.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace fovea::tools {

// Appends a block to the buffer; false at the end of the file.
bool LineReader::fill() {
  constexpr std::size_t kBlock = 1 << 16;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + kBlock);
  ssize_t got = -1;
  do {
    got = ::pread(descriptor_, buffer_.data() + kept, kBlock, read_);
  } while (got < 0 && errno == EINTR);
  if (got < 0) throw std::system_error(errno, std::generic_category());
  buffer_.resize(kept + static_cast<std::size_t>(got));
  read_ += got;
  return got > 0;
}

std::optional<std::string_view> LineReader::next() {
  std::size_t searched = begin_;
  while (true) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      const std::string_view line = std::string_view(buffer_).substr(begin_, end - begin_);
      if (line.size() > longest_) return std::nullopt;
      begin_ = end + 1;
      offset_ += static_cast<std::int64_t>(line.size()) + 1;
      return line;
    }
    const std::size_t held = buffer_.size() - begin_;
    if (held > longest_ || !fill()) return std::nullopt;
    searched = held;
  }
}

}  // namespace fovea::tools
