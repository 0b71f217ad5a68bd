// By what a changed file is recognised without reading it again.
#pragma once

#include <cstdint>
#include <string>

namespace fovea::tools {

struct FileStamp {
  std::int64_t size = -1;  ///< in bytes; -1 = there is no such file
  std::int64_t mtime = 0;  ///< of the last change, in nanoseconds

  bool operator==(const FileStamp&) const = default;
};

FileStamp file_stamp(const std::string& path);

}  // namespace fovea::tools
