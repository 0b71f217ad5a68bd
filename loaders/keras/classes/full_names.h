// Whose class is it? A user's class may bear the name of one of Keras'; only Keras' own may run as Keras'.
#pragma once

#include <string>

#include <fovea/layer_config.h>

namespace fovea::keras {

/// The configuration, in which every class or activation function that Keras itself did not define goes by its full
/// name: "Custom>Dense" if it was registered, "my_layers.Dense" if not, and "GroupNormalization, which Keras 2.4.0 did
/// not have" where the file says the name alone. `version` of Keras wrote it, "" if that is not known. Such an object
/// keeps its class's own name as `saved_class`.
Attribute with_full_names(const Attribute& config, const std::string& version);

}  // namespace fovea::keras
