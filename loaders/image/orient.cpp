// EXIF orientations: where the stored rows and columns go.
#include <utility>

#include "loaders/image/decoders.h"
#include "loaders/image/make_image.h"

namespace fovea {
namespace {

/// orientation - 1 -> transpose first, then mirror left-right, then top-bottom.
struct Turn {
  bool transpose, mirror, flip;
};
constexpr std::array<Turn, 8> kTurns = {{{false, false, false},
                                         {false, true, false},
                                         {false, true, true},
                                         {false, false, true},
                                         {true, false, false},
                                         {true, true, false},
                                         {true, true, true},
                                         {true, false, true}}};

}  // namespace

Image orient(Image image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  const Turn turn = kTurns[static_cast<std::size_t>(orientation - 1)];
  Image turned = turn.transpose ? make_image(image.height, image.width) : make_image(image.width, image.height);

  // Walk over the result; each pixel's source lies a fixed step from its left neighbour's.
  const std::ptrdiff_t row = std::ptrdiff_t{3} * image.width;
  const std::ptrdiff_t along = (turn.transpose ? row : 3) * (turn.mirror ? -1 : 1);
  const std::ptrdiff_t down = turn.transpose ? 3 : row;
  std::uint8_t* out = turned.pixels.data();
  for (int y = 0; y < turned.height; ++y) {
    const std::uint8_t* in = image.pixels.data() + down * (turn.flip ? turned.height - 1 - y : y);
    if (turn.mirror) in -= along * (turned.width - 1);
    for (int x = 0; x < turned.width; ++x, in += along, out += 3) {
      out[0] = in[0];
      out[1] = in[1];
      out[2] = in[2];
    }
  }
  return turned;
}

}  // namespace fovea
