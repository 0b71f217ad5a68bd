// The weights of a legacy Keras .h5: what the file lists, and reading it for the layers of an architecture.
#pragma once

#include <vector>

#include <fovea/layer_config.h>
#include "loaders/hdf5/file.h"
#include "loaders/keras/config/architecture.h"
#include "loaders/keras/weights/match.h"

namespace fovea::keras {

/// `layer_names` of a file, with each layer's group.
struct FileLayers {
  std::vector<ListedLayer> listed;
  std::vector<hdf5::Group> groups;
};

/// What `group` lists, in its order. Throws Error if it holds tensors that it does not list.
FileLayers list_layers(const hdf5::Group& group);

/// A tensor of a file, to be called `name`.
struct StoredTensor {
  const hdf5::Group* group;
  std::string path;  ///< within the group
  std::string name;
};

/// Reads the tensors of each node of `architecture`. Throws Error: missing, not of a float type, not finite.
std::vector<std::vector<Weight>> read_tensors(const hdf5::File& file, const Architecture& architecture,
                                              const std::vector<std::vector<StoredTensor>>& tensors);

/// Reads every tensor that `architecture` needs: one list for each of its nodes. Throws Error: missing, left over, not
/// of a float type, not finite.
std::vector<std::vector<Weight>> read_weights(const FileLayers& layers, const hdf5::Group& group,
                                              const Architecture& architecture);

}  // namespace fovea::keras
