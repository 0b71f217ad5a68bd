// Bytes as hexadecimal digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fovea::tools {

/// Two lower-case digits a byte.
std::string to_hex(std::string_view bytes);
/// Nothing if a character is no digit or one is left over.
std::optional<std::string> from_hex(std::string_view digits);

}  // namespace fovea::tools
