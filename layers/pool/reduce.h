// One value of all those along some dimensions.
#pragma once

#include <cstdint>
#include <vector>

#include "layers/layer.h"

namespace fovea {

/// Variance and deviation are those of all values, not of a sample; any and all are 1 or 0; of equal values the places
/// of the largest and the smallest are those of the first.
enum class Reduction {
  sum,
  mean,
  product,
  maximum,
  minimum,
  variance,
  deviation,
  any,
  all,
  place_of_largest,
  place_of_smallest,
  log_sum_exp
};

/// Over `axes`, counted with the batch; these dimensions stay with size 1 if `keep`. In double. A place is
/// counted along the axes in their order.
std::unique_ptr<Layer> make_reduce(const std::string& name, const std::string& class_name, Reduction reduction,
                                   std::vector<std::int64_t> axes, bool keep);

}  // namespace fovea
