// Reference depthwise convolution, as its definition reads.
#include "kernels/reference/depthwise.h"

namespace fovea::reference {

Ref depthwise_f32_c16(const DepthwiseArgs& d, int y, int x, int lane) {
  Ref sum;
  for (int ky = 0; ky < d.kh; ++ky) {
    for (int kx = 0; kx < d.kw; ++kx) {
      const int iy = y * d.stride_h - d.pad_top + ky * d.dilation_h;
      const int ix = x * d.stride_w - d.pad_left + kx * d.dilation_w;
      if (iy < 0 || iy >= d.h || ix < 0 || ix >= d.w) continue;
      const double weight = d.weights[(ky * d.kw + kx) * kBlock + lane];
      sum.add(weight * d.in[(iy * d.w + ix) * kBlock + lane]);
    }
  }
  sum.add(d.bias[lane]);
  sum.value = clamp(sum.value, d.clamp);
  return sum;
}

}  // namespace fovea::reference
