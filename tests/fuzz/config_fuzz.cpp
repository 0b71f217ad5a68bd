// Any text as the configuration of a model: a model or an Error. Without weights, so that it is fast.
#include <cstddef>
#include <cstdint>
#include <string>

#include <fovea/error.h>
#include "loaders/keras/config/architecture.h"
#include "loaders/keras/config/channels_first.h"
#include "loaders/keras/config/keras_1.h"
#include "loaders/keras/json/json.h"
#include "tests/fuzz/one_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const bool keras_1 : {false, true}) {
    try {
      const fovea::Attribute json = fovea::keras::parse_json(text, "fuzz");
      auto architecture = fovea::keras::parse_architecture(keras_1 ? fovea::keras::from_keras_1(json) : json, "fuzz");
      fovea::keras::to_channels_last(architecture, "fuzz", false);
      ++fovea::fuzz::inputs_taken;
    } catch (const fovea::Error&) {
    }
  }
  return 0;
}
