// From 8-bit pixels to the network's floats: a table of 256 values a channel, so the formula is evaluated exactly once
// per value, in double, and rounded once.
#include <fovea/prepare.h>

#include <fovea/error.h>
#include "base/float_mode.h"

namespace fovea {

void normalise(const Image& image, const Normalise& normalise, float* out) {
  const FloatMode mode(FloatMode::Tiny::kept);
  check_image(image);
  check_normalise(normalise);
  if (out == nullptr) throw Error("there is no place for the network's input");
  std::array<std::array<float, 256>, 3> table;  // by channel of the network
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t v = 0; v < 256; ++v) {
      const double scaled = static_cast<double>(v) * normalise.scale;
      table[c][v] = static_cast<float>((scaled - normalise.mean[c]) / normalise.std[c]);
    }
  }
  const std::size_t first = normalise.bgr ? 2 : 0, last = 2 - first;
  const std::uint8_t* pixel = image.pixels.data();
  const std::uint8_t* end = pixel + image.pixels.size();
  for (; pixel != end; pixel += 3, out += 3) {
    out[0] = table[0][pixel[first]];
    out[1] = table[1][pixel[1]];
    out[2] = table[2][pixel[last]];
  }
}

}  // namespace fovea
