// Activations as an attribute of other layers: which are clamps that a layer can apply itself, which become layers.
#pragma once

#include <memory>
#include <string>

#include "layers/layer.h"

namespace fovea {

/// What an `activation` attribute asks for.
struct ActivationChoice {
  Clamp clamp = kNoClamp;        ///< linear, relu, relu6 and hard_tanh
  std::unique_ptr<Layer> layer;  ///< anything else, to be run as a layer of its own; nullptr for clamps
};

/// Reads the attribute `activation` (absent or null = linear): a function's name, or a layer without weights. Throws
/// UnsupportedError naming the activation.
ActivationChoice read_activation(const LayerConfig& config);

/// A layer that applies a clamp.
std::unique_ptr<Layer> make_clamp_layer(const LayerConfig& config, Clamp clamp);

/// A layer that applies 1 / (1 + exp(-x)).
std::unique_ptr<Layer> make_sigmoid_layer(const std::string& name, const std::string& class_name);

/// A layer that applies a curve.
std::unique_ptr<Layer> make_curve_layer(const std::string& name, const std::string& class_name,
                                        const ActivateArgs& activate);

/// Softmax over these axes, counted with the batch or from the end, or its logarithm.
std::unique_ptr<Layer> make_softmax_layer(const std::string& name, const std::string& class_name,
                                          std::vector<std::int64_t> axes, bool log);

}  // namespace fovea
