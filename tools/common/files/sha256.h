// SHA-256 of text in memory.
#pragma once

#include <string>
#include <string_view>

namespace fovea::tools {

/// 64 hexadecimal digits.
std::string sha256_of(std::string_view text);

}  // namespace fovea::tools
