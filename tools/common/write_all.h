// Writing to a file descriptor until all is written.
#pragma once

#include <string_view>

namespace fovea::tools {

/// 0, or the errno of the write that failed; what was written before it stays.
int write_all(int descriptor, std::string_view text) noexcept;

}  // namespace fovea::tools
