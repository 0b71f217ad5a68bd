// Black outside the circle around the picture's centre that touches its nearer sides: the pixels of OpenCV's filled
// cv::circle.
#include <algorithm>

#include "pictures/prepare/make_image.h"
#include "pictures/prepare/steps.h"

namespace fovea {
namespace {

// Row `d` above and below the centre is inside for as many columns to both sides: a circle in whole numbers, walked by
// octants. `error` is the square of the distance of the point (x, y) less that of the radius.
std::vector<int> half_widths(int radius) {
  std::vector<int> half(static_cast<std::size_t>(radius) + 1);
  const auto widen = [&](int d, int width) {
    int& known = half[static_cast<std::size_t>(d)];
    known = std::max(known, width);
  };
  int x = radius, error = 0;
  for (int y = 0; y <= x; ++y) {
    widen(y, x);
    widen(x, y);
    error += 2 * y + 1;
    if (error > 0) error -= 2 * x-- - 1;
  }
  return half;
}

}  // namespace

Image crop_circle(Image image) {
  const int centre_x = image.width / 2, centre_y = image.height / 2, radius = std::min(centre_x, centre_y);
  const std::vector<int> half = half_widths(radius);
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* row = image.pixels.data() + std::int64_t{3} * image.width * y;
    const int away = std::abs(y - centre_y);
    int begin = 0, end = 0;
    if (away <= radius) {
      const int width = half[static_cast<std::size_t>(away)];
      begin = centre_x - width;
      end = std::min(centre_x + width + 1, image.width);
    }
    std::fill(row, row + std::int64_t{3} * begin, std::uint8_t{0});
    std::fill(row + std::int64_t{3} * end, row + std::int64_t{3} * image.width, std::uint8_t{0});
  }
  return image;
}

}  // namespace fovea
