// Which method computes a convolution: a function of one image's layer shape and the arithmetic setting alone, never of
// instruction set, caches, batch or threads, so that the bits depend on nothing else.
#pragma once

#include <fovea/arithmetic.h>
#include "layers/conv/conv_method.h"

namespace fovea {

enum class ConvAlgorithm { direct, winograd2, winograd4 };

ConvAlgorithm choose_conv(const ConvGeometry& geometry, Arithmetic arithmetic);

}  // namespace fovea
