// Reads what Keras wrote into a ModelDesc. Knows Keras' file formats and JSON, and no layer by name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <fovea/session.h>

namespace fovea {

/// How to read a file that does not say everything itself.
struct KerasOptions {
  std::string
      config_file;  ///< architecture JSON for a weights-only file; "" = FILE's name with .json, if it is a Keras config
  std::string architecture;  ///< or a built-in architecture by name: "resnet50", "resnet50-notop"
  /// Size of the input where the model leaves it open (None in Keras); 0 = not given. The length of rows is a width.
  std::int64_t input_height = 0, input_width = 0;
  std::string
      layers_file;  ///< JSON that says what to run in place of layers, by their names (docs/layers.md); "" = none
};

/// Loads what Keras wrote, told apart by content: a `.keras` archive, a legacy `.h5` (a full model, or weights only
/// with an architecture given by `options`), or a `.weights.h5` of Keras 3 (with an architecture as well).
/// `training_config` and `optimizer_weights` are never read. Every tensor must be present, of the right shape and
/// finite. Throws Error: one line that names the file, the place and the reason.
FOVEA_API ModelDesc load_keras(const std::string& path, const KerasOptions& options = {});

/// load_keras and Model::create in one call.
FOVEA_API std::shared_ptr<const Model> load_model(const std::string& path, const ModelOptions& options = {},
                                                  const KerasOptions& keras = {});

}  // namespace fovea
