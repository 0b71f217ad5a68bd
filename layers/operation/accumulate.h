// Running sums and products along one dimension.
#pragma once

#include "layers/layer.h"

namespace fovea {

/// `axis` counts the batch. In double. `exclusive`: each without its own value; `reverse`: from the last one on.
std::unique_ptr<Layer> make_accumulate(const std::string& name, const std::string& class_name, bool product,
                                       std::int64_t axis, bool exclusive, bool reverse);

}  // namespace fovea
