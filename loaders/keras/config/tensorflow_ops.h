// TensorFlow's own operations in models of TensorFlow 1.15 to 2.3: TensorFlowOpLayer, with a NodeDef as JSON.
#pragma once

#include <string>

#include <fovea/layer_config.h>

namespace fovea::keras {

/// The settings of an operation, under the names that TensorFlow's functions have for them, and `operation`, its name.
/// Operands that are constants become settings. Throws Error("<place>: ...") for what is no NodeDef.
AttributeMap tensorflow_op(const AttributeMap& config, const std::string& place);

}  // namespace fovea::keras
