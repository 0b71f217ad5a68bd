// Attributes in a pack file.
#pragma once

#include <cstdint>

namespace fovea::pack {

/// The byte in front of a value.
enum class Tag : std::uint8_t { null, boolean, integer, real, text, list, map };

/// Lists and maps within each other; JSON is not read deeper either.
inline constexpr int kDeepestValue = 400;

}  // namespace fovea::pack
