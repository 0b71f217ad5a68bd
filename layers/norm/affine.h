// y = scale * x + shift with constants of the model, made as the batch normalisation that it is, so that it is folded
// and fused like one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "layers/layer.h"

namespace fovea {

/// One pair for each channel.
std::unique_ptr<Layer> make_channel_affine(const std::string& name, const std::string& class_name,
                                           const std::vector<float>& scale, const std::vector<float>& shift);

/// One pair for all values.
std::unique_ptr<Layer> make_affine(const std::string& name, const std::string& class_name, float scale, float shift);

}  // namespace fovea
