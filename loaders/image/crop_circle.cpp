// Black outside the circle around the picture's centre that touches its nearer sides: the pixels of OpenCV's filled
// cv::circle.
#include <algorithm>

#include "loaders/image/make_image.h"
#include "loaders/image/steps.h"

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

Image crop_circle(const Image& image) {
  const int centre_x = image.width / 2, centre_y = image.height / 2, radius = std::min(centre_x, centre_y);
  const std::vector<int> half = half_widths(radius);
  Image cropped = make_image(image.width, image.height);  // black
  for (int y = centre_y - radius; y <= std::min(centre_y + radius, image.height - 1); ++y) {
    const int width = half[static_cast<std::size_t>(std::abs(y - centre_y))];
    const int begin = centre_x - width, end = std::min(centre_x + width + 1, image.width);
    const std::int64_t row = std::int64_t{3} * image.width * y;
    std::copy(image.pixels.data() + row + 3 * begin, image.pixels.data() + row + 3 * end,
              cropped.pixels.data() + row + 3 * begin);
  }
  return cropped;
}

}  // namespace fovea
