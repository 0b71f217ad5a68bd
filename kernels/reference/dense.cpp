// Reference dense layer: a dot product, bias and clamp.
#include "kernels/reference/dense.h"

namespace fovea::reference {

Ref dense_f32(const Dense& d, int image, int unit) {
  const float* in = d.in + image * d.in_stride;
  const float* weights = d.weights + static_cast<std::int64_t>(unit / 16) * d.k * 16 + unit % 16;
  Ref sum;
  for (int k = 0; k < d.k; ++k) sum.add(static_cast<double>(in[k]) * weights[k * 16]);
  sum.add(d.bias[unit]);
  sum.value = clamp(sum.value, d.clamp);
  return sum;
}

}  // namespace fovea::reference
