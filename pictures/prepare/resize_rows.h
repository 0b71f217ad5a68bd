// A resize that takes its picture row by row, so that the picture need not be there as a whole.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <fovea/prepare.h>
#include "kernels/table.h"
#include "pictures/prepare/make_image.h"

namespace fovea {

/// Given the rows that it needs, top to bottom, writes the resized picture.
class RowResizer {
 public:
  virtual ~RowResizer() = default;
  RowResizer(const RowResizer&) = delete;
  RowResizer& operator=(const RowResizer&) = delete;

  /// Whether any pixel of the result depends on row y.
  bool needs(int y) const { return needed_[static_cast<std::size_t>(y)] != 0; }
  /// `row` is [width][3] of the picture to be resized.
  virtual void take(int y, const std::uint8_t* row) = 0;

 protected:
  explicit RowResizer(int height) : needed_(static_cast<std::size_t>(height)) {}
  void need(int y) { needed_[static_cast<std::size_t>(y)] = 1; }

 private:
  std::vector<char> needed_;
};

/// For a picture of width x height. `result` has its size; it is written to as rows are taken.
std::unique_ptr<RowResizer> row_resizer(const KernelTable& kernels, Interpolation interpolation, int width, int height,
                                        Image& result);
/// The kinds that row_resizer chooses from.
std::unique_ptr<RowResizer> nearest_rows(int width, int height, Image& result);
std::unique_ptr<RowResizer> cubic_rows(const KernelTable& kernels, int width, int height, Image& result);
std::unique_ptr<RowResizer> linear_rows(const KernelTable& kernels, int width, int height, Image& result);
std::unique_ptr<RowResizer> enlarged_area_rows(const KernelTable& kernels, int width, int height, Image& result);
std::unique_ptr<RowResizer> area_rows(const KernelTable& kernels, int width, int height, Image& result);
std::unique_ptr<RowResizer> whole_area_rows(const KernelTable& kernels, int width, int height, Image& result);

}  // namespace fovea
