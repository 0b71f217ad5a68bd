// The fixed list of flips and quarter turns that test-time augmentation averages over.
#pragma once

#include <string>
#include <vector>

#include "pictures/decode/image.h"

namespace fovea::tools {

inline constexpr int kMaxViews = 8;

/// Names of the first `count` views, in their fixed order: identity, hflip, vflip, rot180, rot90, rot270, transpose,
/// anti-transpose. Turns are clockwise.
std::vector<std::string> view_names(int count);

/// True if one of the first `count` views exchanges width and height.
bool views_turn(int count);

/// View `index` of `image`; moves pixels, computes nothing.
Image view_of(const Image& image, int index);

}  // namespace fovea::tools
