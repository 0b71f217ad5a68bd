// How much room a text needs that will be set in a font which is not known here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fovea::tools {

/// Width of UTF-8 `text` in letters of `size`, rather too much than too little: as in DejaVu Sans, which is wider than
/// the sans-serif fonts of other systems.
double text_width(std::string_view text, double size, bool bold = false);

/// Breaks `text` into lines of at most `width`: at blanks, and inside a word only where the word alone is wider.
/// Nothing is lost, unless that makes more than `most_lines`: then the last one ends in "…".
std::vector<std::string> wrapped(const std::string& text, double width, double size, bool bold = false,
                                 std::size_t most_lines = 12);

}  // namespace fovea::tools
