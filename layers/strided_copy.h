// Values of a map in another order, some of them, or some more than once: whatever sizes and strides can say.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "layers/layer.h"

namespace fovea {

/// Values of a row-major map, read along dimensions of these sizes and strides from value `first` on.
struct View {
  std::vector<std::int64_t> sizes, strides;
  std::int64_t first = 0;

  /// All of a map as it is.
  static View of(const Shape& shape);
  /// Where the first value of a row, which is the last dimension, stands.
  std::int64_t row_start(std::int64_t row) const noexcept;
};

/// The values of `view`, all within the input, as a map of shape `out`, which has as many.
std::unique_ptr<Layer> make_strided_copy(const std::string& name, const std::string& class_name, View view, Shape out);

}  // namespace fovea
