// Normalisation of sets of values that lie anywhere in a map: over any dimensions, or over groups along one.
#pragma once

#include <cstdint>
#include <vector>

#include "layers/axes.h"
#include "layers/norm/map_norm.h"

namespace fovea {

/// Each set for itself: (x - m) / divisor * scale + shift, where m is the set's mean or 0; scale and shift have a value
/// for each of the input, in the order of its dimensions, or none.
std::unique_ptr<Layer> make_axes_norm(const std::string& name, const std::string& class_name, Divisor divisor,
                                      AxisSets sets, std::vector<float> scale, std::vector<float> shift);

/// `weight`'s values (one for each place among the marked dimensions) spread over a map; none if it has none.
std::vector<float> spread(const Weight& weight, const std::vector<std::int64_t>& dims, const std::vector<bool>& marked);

}  // namespace fovea
