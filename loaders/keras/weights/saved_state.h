// The weights as Keras 3 saves them (`.weights.h5`, and the HDF5 inside a `.keras`): one group per layer, named by
// class and number, with the layer's variables as `vars/0`, `vars/1`, ...
#pragma once

#include <map>
#include <string>
#include <vector>

#include <fovea/layer_config.h>
#include "loaders/hdf5/file.h"
#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// True if the root of a file looks like it.
bool is_saved_state(const hdf5::Group& root);

/// Where each layer of the outermost model is saved, by its own name: Keras notes it since 3.6.
std::map<std::string, std::string> saved_places(const hdf5::Group& root);

/// Reads every tensor that `architecture` needs: one list for each of its nodes. Nodes that do not say where they are
/// saved are found by name. Throws Error: missing, left over, not of a float type, not finite.
std::vector<std::vector<Weight>> read_saved_state(const hdf5::Group& root, const Architecture& architecture);

}  // namespace fovea::keras
