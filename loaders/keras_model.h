// A file that Keras wrote, made a Model.
#pragma once

#include <memory>

#include <fovea/keras.h>
#include "loaders/model_file.h"

namespace fovea {

/// load_keras and Model::create in one call; `options.load` holds for both.
std::shared_ptr<const Model> load_keras_model(const ModelFile& file, const ModelOptions& options,
                                              const KerasOptions& keras);

}  // namespace fovea
