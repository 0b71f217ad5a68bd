// Reference activations: each as its definition reads, in double.
#pragma once

#include "kernels/args/activate.h"

namespace fovea::reference {

double activate(double x, const ActivateArgs& a);

}  // namespace fovea::reference
