// Drops the dark rows and columns around (and, as the notebooks' mask indexing does, inside) a fundus photograph.
#include <cstring>
#include <opencv2/imgproc.hpp>

#include "loaders/image/make_image.h"
#include "loaders/image/opencv_view.h"
#include "loaders/image/steps.h"

namespace fovea {
namespace {

std::vector<int> set_positions(const std::vector<char>& flags) {
  std::vector<int> positions;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i] != 0) positions.push_back(static_cast<int>(i));
  }
  return positions;
}

}  // namespace

Image crop_grey(const CropGrey& step, const Image& image) {
  cv::Mat grey;
  cv::cvtColor(view(image), grey, cv::COLOR_RGB2GRAY);
  std::vector<char> keep_row(static_cast<std::size_t>(image.height)),
      keep_column(static_cast<std::size_t>(image.width));
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* row = grey.ptr(y);
    for (int x = 0; x < image.width; ++x) {
      if (row[x] <= step.tolerance) continue;
      keep_row[static_cast<std::size_t>(y)] = 1;
      keep_column[static_cast<std::size_t>(x)] = 1;
    }
  }
  const std::vector<int> rows = set_positions(keep_row), columns = set_positions(keep_column);
  if (rows.empty()) return image;

  Image cropped = make_image(static_cast<int>(columns.size()), static_cast<int>(rows.size()));
  std::uint8_t* out = cropped.pixels.data();
  for (const int y : rows) {
    const std::uint8_t* row = view(image).ptr(y);
    for (const int x : columns) {
      std::memcpy(out, row + 3 * x, 3);
      out += 3;
    }
  }
  return cropped;
}

}  // namespace fovea
