// What a network computes, by plain loops in double over Keras' own definitions, with a bound on the error of any float
// computation. Knows nothing of layouts, kernels, passes or plans.
#pragma once

#include <span>
#include <vector>

#include <fovea/arithmetic.h>
#include <fovea/model_desc.h>
#include "kernels/reference/ref.h"

namespace fovea::test {

/// The output of the model for one image, those of several inputs or outputs in a row. Each result's tolerance is the
/// bound: rounding of every operation (terms + 2 on the sum of |products|), and what the errors of its operands become.
/// Exact operations (maximum, padding, clamp) add nothing. The bound of `fast` holds for 3x3 convolutions by whichever
/// of Winograd's algorithms, or direct ones.
std::vector<reference::Ref> oracle(const ModelDesc& desc, std::span<const float> image,
                                   Arithmetic arithmetic = Arithmetic::direct);

}  // namespace fovea::test
