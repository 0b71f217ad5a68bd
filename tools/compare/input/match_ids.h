// Which ids of two lists mean the same image, though one has an extension, another case or a folder before it.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "tools/compare/input/graded_list.h"

namespace fovea::tools {

inline constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

struct Matches {
  std::vector<std::size_t> of_first, of_second;  ///< for each entry its index in the other list, or kNone
  std::vector<std::vector<std::size_t>> rivals;  ///< for each entry of the first list: those it might mean
};

/// Two ids are one if they are equal; else if they are so without the extension of an image; else whatever their case;
/// else if one is the other with folders before it ("3/abc" and "abc"). Each step takes only what is unambiguous on
/// both sides. A repeated entry has the match of the first of its kind.
Matches match_ids(const GradedList& first, const GradedList& second);

}  // namespace fovea::tools
