// One value of all those along some dimensions.
#pragma once

#include <cstdint>
#include <vector>

#include "layers/layer.h"

namespace fovea {

enum class Reduction { sum, mean, maximum, minimum };

/// Over `axes`, counted with the batch; these dimensions stay with size 1 if `keep`. Sums are taken in double.
std::unique_ptr<Layer> make_reduce(const std::string& name, const std::string& class_name, Reduction reduction,
                                   std::vector<std::int64_t> axes, bool keep);

}  // namespace fovea
