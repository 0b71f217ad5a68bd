// Values of a map by tables of places along each dimension: padding of every kind, gather.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "layers/layer.h"

namespace fovea {

/// In place of an index: the fill value.
inline constexpr std::int32_t kFill = -1;

/// The value at places[0][i], places[1][j], ... of the row-major input for each i, j, ...; `fill` where one of them is
/// kFill. One table for each dimension of the input, all within it.
std::unique_ptr<Layer> make_index_copy(const std::string& name, const std::string& class_name,
                                       std::vector<std::vector<std::int32_t>> places, float fill);

}  // namespace fovea
