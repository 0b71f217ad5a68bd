// Resize by the mean of what each pixel of the result covers, where neither direction is enlarged. OpenCV sums cells of
// whole pixels in whole numbers, others in float.
#include <algorithm>
#include <cmath>

#include "pictures/prepare/resize_axis.h"
#include "pictures/prepare/resize_rows.h"

namespace fovea {
namespace {

class CellRows : public RowResizer {
 public:
  CellRows(const KernelTable& kernels, CellAxis columns, CellAxis rows, int width, int height, Image& result)
      : RowResizer(height),
        kernels_(kernels),
        result_(result),
        // The kernels write one value more than a row has, and work on multiples of sixteen.
        across_(as_size((3 * result.width + 1 + 15) / 16 * 16)),
        columns_(std::move(columns)),
        rows_(std::move(rows)),
        width_(width) {
    for (int y = 0; y < height; ++y) need(y);
  }

  void take(int y, const std::uint8_t* row) final {
    kernels_.resize.cells_across_u8({row, std::int64_t{3} * width_, columns_.first.data(), columns_.begin.data(),
                                     columns_.weights.data(), result_.width},
                                    across_.data());
    // A row between two cells belongs to both.
    for (bool ends = true; ends && next_ < result_.height && rows_.first[as_size(next_)] <= y;) {
      const int at = rows_.begin[as_size(next_)] + y - rows_.first[as_size(next_)];
      ends = at + 1 >= rows_.begin[as_size(next_) + 1];
      add(rows_.weights[as_size(at)], y == rows_.first[as_size(next_)]);
      if (!ends) break;
      finish(result_.pixels.data() + std::int64_t{3} * result_.width * next_);
      ++next_;
    }
  }

 protected:
  virtual void add(float weight, bool first) = 0;
  virtual void finish(std::uint8_t* out) = 0;

  const KernelTable& kernels_;
  Image& result_;
  std::vector<float> across_;

 private:
  CellAxis columns_, rows_;
  int width_, next_ = 0;
};

class CoveredRows final : public CellRows {
 public:
  CoveredRows(const KernelTable& kernels, int width, int height, Image& result)
      : CellRows(kernels, covered_cells(width, result.width), covered_cells(height, result.height), width, height,
                 result),
        sums_(across_.size()) {}

 private:
  void add(float weight, bool first) override {
    kernels_.resize.cells_down_f32(across_.data(), weight, first, static_cast<std::int64_t>(sums_.size()),
                                   sums_.data());
  }
  void finish(std::uint8_t* out) override { kernels_.resize.round_f32_u8(sums_.data(), 3 * result_.width, out); }

  std::vector<float> sums_;
};

class CountedRows final : public CellRows {
 public:
  CountedRows(const KernelTable& kernels, int width, int height, Image& result)
      : CellRows(kernels, counted_cells(width, result.width), counted_cells(height, result.height), width, height,
                 result),
        pixels_(whole_cells(width, result.width) * whole_cells(height, result.height)),
        sums_(across_.size()) {}

 private:
  void add(float, bool first) override {
    if (first) std::fill(sums_.begin(), sums_.end(), 0u);
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += static_cast<std::uint32_t>(static_cast<int>(across_[i]));
  }

  // OpenCV's sums are ints, and so are these where a cell of very many pixels passes 2^31.
  void finish(std::uint8_t* out) override {
    const std::size_t values = as_size(3) * as_size(result_.width);
    const float share = 1.0f / static_cast<float>(pixels_);
    for (std::size_t i = 0; i < values; ++i) {
      across_[i] = static_cast<float>(static_cast<std::int32_t>(sums_[i])) * share;
    }
    kernels_.resize.round_f32_u8(across_.data(), 3 * result_.width, out);
  }

  int pixels_;  // of a cell
  std::vector<std::uint32_t> sums_;
};

}  // namespace

std::unique_ptr<RowResizer> area_rows(const KernelTable& kernels, int width, int height, Image& result) {
  return std::make_unique<CoveredRows>(kernels, width, height, result);
}

std::unique_ptr<RowResizer> whole_area_rows(const KernelTable& kernels, int width, int height, Image& result) {
  return std::make_unique<CountedRows>(kernels, width, height, result);
}

}  // namespace fovea
