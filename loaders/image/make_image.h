// A new picture of a given size.
#pragma once

#include "loaders/image/prepare.h"

namespace fovea {

/// Black, width and height positive.
inline Image make_image(int width, int height) {
  Image image;
  image.width = width;
  image.height = height;
  image.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  return image;
}

}  // namespace fovea
