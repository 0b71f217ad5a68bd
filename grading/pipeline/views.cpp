// The fixed list of flips and quarter turns that test-time augmentation averages over.
#include "grading/pipeline/views.h"

#include <algorithm>
#include <array>

namespace fovea::tools {

namespace {

// Each symmetry of the square: transpose first (x <-> y), then mirror columns, then mirror rows.
struct View {
  const char* name;
  bool transpose, mirror_x, mirror_y;
};

constexpr std::array<View, kMaxViews> kViews{{
    {"identity", false, false, false},
    {"hflip", false, true, false},
    {"vflip", false, false, true},
    {"rot180", false, true, true},
    {"rot90", true, true, false},
    {"rot270", true, false, true},
    {"transpose", true, false, false},
    {"anti-transpose", true, true, true},
}};

}  // namespace

std::vector<std::string> view_names(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.emplace_back(kViews.at(static_cast<std::size_t>(i)).name);
  return names;
}

bool views_turn(int count) {
  return std::any_of(kViews.begin(), kViews.begin() + count, [](const View& view) { return view.transpose; });
}

Image view_of(const Image& image, int index) {
  const View& view = kViews.at(static_cast<std::size_t>(index));
  Image out;
  out.width = view.transpose ? image.height : image.width;
  out.height = view.transpose ? image.width : image.height;
  out.pixels.resize(image.pixels.size());
  std::uint8_t* to = out.pixels.data();
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x, to += 3) {
      const int u = view.mirror_x ? out.width - 1 - x : x;
      const int v = view.mirror_y ? out.height - 1 - y : y;
      const std::ptrdiff_t pixel =
          view.transpose ? std::ptrdiff_t{u} * image.width + v : std::ptrdiff_t{v} * image.width + u;
      std::copy_n(image.pixels.data() + 3 * pixel, 3, to);
    }
  }
  return out;
}

}  // namespace fovea::tools
