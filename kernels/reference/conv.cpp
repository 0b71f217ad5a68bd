// Reference convolution: a dot product over runs, then residual or earlier K-blocks, bias and clamp.
#include "kernels/reference/conv.h"

namespace fovea::reference {
namespace {

Ref conv(const ConvArgs& c, int conv_channels, int channel, int row, int col, int run, int step) {
  const float* weights = c.weights + channel / conv_channels * c.weights_panel_stride + channel % conv_channels;
  const std::int64_t out = channel / 16 * c.out_block_stride + row * c.out_row_stride + col * 16 + channel % 16;
  Ref sum;
  for (int r = 0; r < c.n_runs; ++r) {
    const float* in = c.in + row * c.in_row_stride + col * step + c.runs[r];
    const int counted = r < c.n_runs - c.half_runs ? run : run / 2;
    for (int k = 0; k < counted; ++k) sum.add(static_cast<double>(in[k]) * weights[(r * run + k) * conv_channels]);
  }
  if (!c.first) sum.add(c.out[out]);
  if (c.first && c.residual != nullptr) sum.add(c.residual[out]);
  if (c.last) {
    sum.add(c.bias[channel]);
    sum.value = clamp(sum.value, c.clamp);
  }
  return sum;
}

}  // namespace

Ref conv_f32_c16(const ConvArgs& c, int conv_channels, int channel, int row, int col) {
  return conv(c, conv_channels, channel, row, col, 16, 16);
}

Ref conv_f32_planar(const ConvArgs& c, int conv_channels, int channel, int row, int col) {
  return conv(c, conv_channels, channel, row, col, 1, 1);
}

}  // namespace fovea::reference
