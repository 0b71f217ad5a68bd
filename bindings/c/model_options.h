// What fovea_model_options says, in the words of the C++ interface.
#pragma once

#include <string>

#include <fovea/fovea_c.h>
#include <fovea/keras.h>

namespace fovea::c {

struct LoadOptions {
  ModelOptions model;
  KerasOptions keras;
};

/// Throws Refusal for what no version's options may hold.
LoadOptions read_load_options(const fovea_model_options* options);

/// A text that may be NULL: "".
inline std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : std::string(text); }

}  // namespace fovea::c
