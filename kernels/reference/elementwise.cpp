// Reference element-wise operations, each as its formula reads.
#include "kernels/reference/elementwise.h"

#include <cmath>

namespace fovea::reference {

Ref add_f32(float a, float b, Clamp c) {
  Ref sum;
  sum.add(a);
  sum.add(b);
  sum.value = clamp(sum.value, c);
  return sum;
}

float clamp_f32(float x, Clamp c) { return static_cast<float>(clamp(x, c)); }

Ref affine_f32(float x, float scale, float shift, Clamp c) {
  Ref sum = fma_f32(x, scale, shift);
  sum.value = clamp(sum.value, c);
  return sum;
}

Ref fma_f32(float a, float b, float c) {
  Ref sum;
  sum.add(static_cast<double>(a) * b);
  sum.add(c);
  return sum;
}

Ref sigmoid_f32(float x) {
  // 2 ulp of exp are up to 4 units of 2^-24; then an addition and a division.
  const double value = 1 / (1 + std::exp(-static_cast<double>(x)));
  return {value, value, 6};
}

double exp_f32(float x) { return std::exp(static_cast<double>(x)); }

}  // namespace fovea::reference
