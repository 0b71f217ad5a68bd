// The lines of an open file, none longer than a limit, with the place where each ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fovea::tools {

/// Holds one block and one line in memory. The file's own position is not touched.
class LineReader {
 public:
  LineReader(int descriptor, std::size_t longest) : descriptor_(descriptor), longest_(longest) {}

  /// The next line without its line end, valid until the next call; nothing at the end of the file, and at a line that
  /// is too long or does not end. Throws std::system_error if the file cannot be read.
  std::optional<std::string_view> next();
  /// Where the last line ended, its line end included.
  std::int64_t offset() const { return offset_; }

 private:
  bool fill();

  int descriptor_;
  std::size_t longest_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of the next line, in the buffer
  std::int64_t offset_ = 0;  // of the next line, in the file
  std::int64_t read_ = 0;    // bytes of the file that went into the buffer
};

}  // namespace fovea::tools
