// Numbers that Keras 3 writes with their type: {"class_name": "__tensor__", "config": {"value": [...], "dtype": ...}}.
#pragma once

#include <fovea/layer_config.h>

namespace fovea::keras {

/// The value with every such object in it, of NumPy's and of tensors, replaced by its plain numbers.
Attribute plain_numbers(const Attribute& value);
AttributeMap plain_numbers(const AttributeMap& values);

}  // namespace fovea::keras
