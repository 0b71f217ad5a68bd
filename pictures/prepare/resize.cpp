// Resize without keeping the aspect ratio, to the bit what OpenCV's portable cv::resize gives.
#include <cstring>

#include "pictures/prepare/make_image.h"
#include "pictures/prepare/resize_axis.h"
#include "pictures/prepare/resize_rows.h"
#include "pictures/prepare/steps.h"

namespace fovea {
namespace {

class NearestRows final : public RowResizer {
 public:
  NearestRows(int width, int height, Image& result)
      : RowResizer(height),
        result_(result),
        columns_(nearest_axis(width, result.width)),
        rows_(nearest_axis(height, result.height)) {
    for (const int y : rows_) need(y);
  }

  void take(int y, const std::uint8_t* row) override {
    for (; next_ < rows_.size() && rows_[next_] == y; ++next_) {
      std::uint8_t* out = result_.pixels.data() + next_ * columns_.size() * 3;
      for (const int x : columns_) {
        std::memcpy(out, row + 3 * x, 3);
        out += 3;
      }
    }
  }

 private:
  Image& result_;
  std::vector<std::int32_t> columns_, rows_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<RowResizer> nearest_rows(int width, int height, Image& result) {
  return std::make_unique<NearestRows>(width, height, result);
}

std::unique_ptr<RowResizer> row_resizer(const KernelTable& kernels, Interpolation interpolation, int width, int height,
                                        Image& result) {
  const int columns = whole_cells(width, result.width), rows = whole_cells(height, result.height);
  if (interpolation == Interpolation::nearest || (columns == 1 && rows == 1)) {
    return nearest_rows(width, height, result);
  }
  if (interpolation == Interpolation::cubic) return cubic_rows(kernels, width, height, result);
  // Half the size both ways is the mean of four, which two taps of equal weight are to the bit.
  if (interpolation == Interpolation::linear || (columns == 2 && rows == 2))
    return linear_rows(kernels, width, height, result);
  if (!reduces(width, result.width) || !reduces(height, result.height)) {
    return enlarged_area_rows(kernels, width, height, result);
  }
  return columns != 0 && rows != 0 ? whole_area_rows(kernels, width, height, result)
                                   : area_rows(kernels, width, height, result);
}

Image resize(const Resize& step, const Image& image, const KernelTable& kernels) {
  Image result = make_image(step.width, step.height);
  const auto resizer = row_resizer(kernels, step.interpolation, image.width, image.height, result);
  for (int y = 0; y < image.height; ++y) {
    if (resizer->needs(y)) resizer->take(y, image.pixels.data() + std::int64_t{3} * image.width * y);
  }
  return result;
}

}  // namespace fovea
