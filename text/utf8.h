// UTF-8, code point by code point.
#pragma once

#include <cstddef>
#include <string_view>

namespace fovea::tools {

/// Length of the well-formed UTF-8 sequence that `text` starts with, 0 if it starts with none.
std::size_t sequence_length(std::string_view text);

/// The code point of one sequence; of a byte that is none, some.
char32_t code_point(std::string_view sequence);

/// True if the sequence that `text` starts with can be shown: no control character, and none that is invisible and
/// turns the direction or the order of what stands around it.
bool is_visible(std::string_view text);

}  // namespace fovea::tools
