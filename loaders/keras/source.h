// Where the architecture of a file comes from: the file itself, a JSON, or a built-in one by name.
#pragma once

#include <string>
#include <vector>

#include "loaders/hdf5/file.h"
#include "loaders/keras/architecture.h"
#include "loaders/keras/match.h"
#include "loaders/keras/model.h"

namespace fovea::keras {

struct ArchitectureSource {
  Architecture architecture;
  std::string keras_version;  ///< as stored in the file, may be empty
};

/// What `options` ask for, else the file's own `model_config`, else the JSON beside a weights-only file. Throws Error
/// if there is none, or it was written by Keras 1.
ArchitectureSource find_architecture(const hdf5::Group& root, const hdf5::Group& weights,
                                     const std::vector<ListedLayer>& layers, const KerasOptions& options);

}  // namespace fovea::keras
