// Derivatives of the activations.
#pragma once

#include "kernels/args/activate.h"

namespace fovea {

/// 1 / (1 + exp(-x)).
double sigmoid(double x);

/// Derivative of an activation at x. At a kink it is that of the smaller x, as in Keras.
double derivative(const ActivateArgs& activate, double x);

}  // namespace fovea
