// Configurations of Keras 1 in the words of Keras 2.
#pragma once

#include <fovea/layer_config.h>

namespace fovea::keras {

/// The same model with the class and attribute names of Keras 2. What Keras 2 has no name for stays as it is, so that
/// the layer is refused by name.
Attribute from_keras_1(const Attribute& config);

/// The same model with the class names of Keras 2 for Merge alone, which the first versions of Keras 2 still wrote.
Attribute without_merges(const Attribute& config);

}  // namespace fovea::keras
