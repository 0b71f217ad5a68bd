// Where the architecture of a file comes from: the file itself, a JSON, or a built-in one by name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <fovea/keras.h>
#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

struct ArchitectureSource {
  Architecture architecture;
  std::string keras_version;  ///< as stored in the file, may be empty
  bool keras_1 = false;
  bool channels_first = false;  ///< as it was written: Keras 1 then stores kernels {filters, channels, height, width}
};

/// What a file says of its architecture.
struct StoredSource {
  std::string path;
  std::string keras_version;             ///< may be empty
  std::optional<std::string> config;     ///< JSON text; none for a file of weights
  std::string config_place;              ///< for messages: "model_config"
  std::vector<std::string> layer_names;  ///< of the weights
  bool has_neighbours = true;            ///< files may lie beside it
};

/// What `options` ask for, else the file's own configuration, else the JSON beside a weights-only file, in the words of
/// Keras 3 and channels last. Throws Error if there is none.
ArchitectureSource find_architecture(const StoredSource& stored, const KerasOptions& options);

}  // namespace fovea::keras
