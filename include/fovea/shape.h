// Shape of one activation, without the batch dimension, in Keras' channels_last order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fovea/export.h>

namespace fovea {

/// Dimensions that a shape may have, without the batch.
inline constexpr int kMostDimensions = 6;

/// Dimensions of one image's activation: {H, W, C} for feature maps, {N} after Flatten or Dense, none for the one
/// number that argmax over {N} is. All dimensions are positive. The batch dimension is never part of a Shape. `Shape()`
/// is that of nothing: not known.
class FOVEA_API Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<std::int64_t> dims) : dims_(dims) {}
  explicit Shape(std::vector<std::int64_t> dims) : dims_(std::move(dims)), is_number_(dims_.empty()) {}

  /// True for one number without dimensions.
  bool is_number() const { return is_number_; }

  int rank() const { return static_cast<int>(dims_.size()); }
  std::int64_t operator[](int i) const { return dims_[static_cast<std::size_t>(i)]; }
  const std::vector<std::int64_t>& dims() const { return dims_; }

  /// Height, width and channels; a rank-1 shape is 1x1xN.
  std::int64_t h() const { return rank() == 3 ? dims_[0] : 1; }
  std::int64_t w() const { return rank() == 3 ? dims_[1] : 1; }
  std::int64_t c() const { return dims_.empty() ? 1 : dims_.back(); }

  /// Product of all dimensions.
  std::int64_t elements() const;

  /// "56x56x64", or "one number".
  std::string str() const;

  bool operator==(const Shape&) const = default;

 private:
  std::vector<std::int64_t> dims_;
  bool is_number_ = false;
};

}  // namespace fovea
