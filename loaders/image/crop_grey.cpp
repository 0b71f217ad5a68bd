// Drops the dark rows and columns around (and, as the notebooks' mask indexing does, inside) a fundus photograph.
#include <cstring>

#include "loaders/image/make_image.h"
#include "loaders/image/steps.h"

namespace fovea {
namespace {

// As OpenCV's cvtColor weighs red, green and blue, in units of 2^-15.
int grey(const std::uint8_t* rgb) { return (9798 * rgb[0] + 19235 * rgb[1] + 3735 * rgb[2] + (1 << 14)) >> 15; }

const std::uint8_t* row_of(const Image& image, int y) {
  return image.pixels.data() + std::int64_t{3} * image.width * y;
}

std::vector<int> set_positions(const std::vector<char>& flags) {
  std::vector<int> positions;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i] != 0) positions.push_back(static_cast<int>(i));
  }
  return positions;
}

}  // namespace

Image crop_grey(const CropGrey& step, const Image& image) {
  std::vector<char> keep_row(static_cast<std::size_t>(image.height)),
      keep_column(static_cast<std::size_t>(image.width));
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* row = row_of(image, y);
    for (int x = 0; x < image.width; ++x) {
      if (grey(row + 3 * x) <= step.tolerance) continue;
      keep_row[static_cast<std::size_t>(y)] = 1;
      keep_column[static_cast<std::size_t>(x)] = 1;
    }
  }
  const std::vector<int> rows = set_positions(keep_row), columns = set_positions(keep_column);
  if (rows.empty()) return image;

  Image cropped = make_image(static_cast<int>(columns.size()), static_cast<int>(rows.size()));
  std::uint8_t* out = cropped.pixels.data();
  for (const int y : rows) {
    const std::uint8_t* row = row_of(image, y);
    for (const int x : columns) {
      std::memcpy(out, row + 3 * x, 3);
      out += 3;
    }
  }
  return cropped;
}

}  // namespace fovea
