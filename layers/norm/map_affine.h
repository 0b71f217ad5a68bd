// y = scale * x + shift with a pair for each value of a map: what a normalisation over other axes than the channels is.
#pragma once

#include <vector>

#include "layers/layer.h"

namespace fovea {

/// The pairs of `affine` for the places along one dimension of a map, or along several taken together. Nothing if there
/// are not as many.
std::unique_ptr<Layer> make_affine_along(const std::string& name, const std::string& class_name,
                                         const ChannelAffine& affine, const Shape& shape,
                                         const std::vector<bool>& marked);

}  // namespace fovea
