// Convolution kernels as other backends, and Keras 1, store them.
#pragma once

#include <vector>

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// How the kernels of a file lie.
struct KernelForm {
  bool keras_1 = false;         ///< in the orders of Keras 1
  bool channels_first = false;  ///< of Keras 1, for maps that are channels first
  bool theano = false;          ///< turned around in all directions
};

/// Brings every weight `kernel` of the nodes to the form that Keras 2 has for TensorFlow. Source:
/// `preprocess_weights_for_loading` of Keras 2 (keras/engine/saving.py).
void convert_kernels(const KernelForm& form, const Architecture& architecture,
                     std::vector<std::vector<Weight>>& weights);

}  // namespace fovea::keras
