// Which generation of Keras wrote a configuration that states no version.
#pragma once

#include <string>

#include <fovea/layer_config.h>

namespace fovea::keras {

/// unknown: Keras 2 or 3, whose words are almost all the same.
enum class Generation { keras_1, keras_2, keras_3, unknown };

/// By the words of the configuration. Throws UnsupportedError("<place>: ...") where those of Keras 1 stand beside
/// those that came after it: it stored kernels in other orders.
Generation generation_of_words(const Attribute& config, const std::string& place);

}  // namespace fovea::keras
