// Writing to a file descriptor until all is written, and on the disk.
#pragma once

#include <string_view>

namespace fovea::tools {

/// 0, or the errno of the write that failed; what was written before it stays. Signals do not interrupt it.
int write_all(int descriptor, std::string_view text) noexcept;

/// fdatasync, not interrupted by signals: 0, or its errno. 0 too where there is nothing to be synced (a pipe).
int sync_all(int descriptor) noexcept;

}  // namespace fovea::tools
