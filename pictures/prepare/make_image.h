// A new picture of a given size, and sizes for standard containers.
#pragma once

#include <cstddef>
#include <cstdint>

#include <fovea/prepare.h>

namespace fovea {

/// Of what is not negative: a count or an index.
inline std::size_t as_size(std::int64_t n) { return static_cast<std::size_t>(n); }

/// Black, width and height positive.
inline Image make_image(int width, int height) {
  Image image;
  image.width = width;
  image.height = height;
  image.pixels.resize(as_size(width) * as_size(height) * 3);
  return image;
}

}  // namespace fovea
