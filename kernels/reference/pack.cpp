// Reference packing and layout conversion: index arithmetic, one value at a time.
#include "kernels/reference/pack.h"

namespace fovea::reference {
namespace {

struct Position {
  std::int64_t y, x;
  bool inside;
};

Position source(const PackRowsArgs& p, int row, int phase, int place) {
  const int y = p.y0 + row * p.row_step;
  const int x = p.x0 + place * p.phases + phase;
  return {y, x, y >= 0 && y < p.h && x >= 0 && x < p.w};
}

}  // namespace

float pack_rows_f32_c16(const PackRowsArgs& p, int block, int row, int phase, int place, int lane) {
  const Position s = source(p, row, phase, place);
  return s.inside ? p.in[((static_cast<std::int64_t>(block) * p.h + s.y) * p.w + s.x) * 16 + lane] : 0.0f;
}

float pack_rows_f32_planar(const PackRowsArgs& p, int channel, int row, int phase, int place) {
  const Position s = source(p, row, phase, place);
  return s.inside ? p.in[(s.y * p.w + s.x) * p.groups + channel] : 0.0f;
}

float nhwc_to_c16_f32(const float* in, int channels, std::int64_t pixel, int block, int lane) {
  const int channel = block * 16 + lane;
  return channel < channels ? in[pixel * channels + channel] : 0.0f;
}

float c16_to_nhwc_f32(const float* in, std::int64_t pixels, std::int64_t pixel, int channel) {
  return in[(channel / 16 * pixels + pixel) * 16 + channel % 16];
}

}  // namespace fovea::reference
