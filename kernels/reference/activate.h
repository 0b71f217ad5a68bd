// Reference activations: each as its definition reads, in double.
#pragma once

#include "kernels/table.h"

namespace fovea::reference {

double activate(double x, const Activate& a);

}  // namespace fovea::reference
