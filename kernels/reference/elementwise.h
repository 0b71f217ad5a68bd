// Reference element-wise operations: one element each.
#pragma once

#include "kernels/args/common.h"
#include "kernels/reference/ref.h"

namespace fovea::reference {

/// clamp(a + b).
Ref add_f32(float a, float b, Clamp c);

/// min(hi, max(lo, x)), exact.
float clamp_f32(float x, Clamp c);

/// clamp(x * scale + shift).
Ref affine_f32(float x, float scale, float shift, Clamp c);

/// a * b + c without clamp.
Ref fma_f32(float a, float b, float c);

/// 1 / (1 + exp(-x)).
Ref sigmoid_f32(float x);

/// exp(x) as the C library computes it in double.
double exp_f32(float x);

}  // namespace fovea::reference
