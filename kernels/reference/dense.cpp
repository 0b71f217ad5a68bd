// Reference dense layer: a dot product, bias and clamp.
#include "kernels/reference/dense.h"

#include <algorithm>

namespace fovea::reference {

Ref dense_f32(const DenseArgs& d, int image, int unit) {
  const float* in = d.in + image * d.in_stride;
  const std::int64_t block = d.first_block + unit / 16;
  Ref sum;
  for (int k = 0; k < d.k; ++k) {
    const std::int64_t begin = k / d.k_block * d.k_block, rows = std::min<std::int64_t>(d.k_block, d.k - begin);
    const float weight = d.weights[(begin * d.all_blocks + block * rows + k - begin) * 16 + unit % 16];
    sum.add(static_cast<double>(in[k]) * weight);
  }
  sum.add(d.bias[unit]);
  sum.value = clamp(sum.value, d.clamp);
  return sum;
}

}  // namespace fovea::reference
