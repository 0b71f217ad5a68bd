// Reference softmax over the channels of one pixel.
#pragma once

#include <vector>

#include "kernels/args/softmax.h"
#include "kernels/reference/ref.h"

namespace fovea::reference {

/// Probabilities of every channel of `pixel`, with exp shifted by the largest input.
std::vector<Ref> softmax_f32_c16(const SoftmaxArgs& s, int pixel);

}  // namespace fovea::reference
