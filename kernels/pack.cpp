// Copies between layouts: padded strips for convolutions, nhwc to c16 and back. Values are moved, never changed.
#include "kernels/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

void pack_rows_f32_c16(const PackRowsArgs& a) noexcept {
  const int places = (a.cols + a.phases - 1) / a.phases;
  const std::int64_t row_floats = std::int64_t{16} * places * a.keep_phases;
  float* out = a.out;
  for (int g = 0; g < a.groups; ++g) {
    for (int i = 0; i < a.rows; ++i, out += row_floats) {
      const int y = a.y0 + i * a.row_step;
      const bool inside = y >= 0 && y < a.h;
      const float* row = a.in + (std::int64_t{g} * a.h + (inside ? y : 0)) * a.w * 16;
      for (int phase = 0; phase < a.keep_phases; ++phase) {
        for (int place = 0; place < places; ++place) {
          const int j = place * a.phases + phase, x = a.x0 + j;
          const bool there = inside && j < a.cols && x >= 0 && x < a.w;
          store16(out + std::int64_t{16} * (phase * places + place),
                  there ? load16(row + std::int64_t{16} * x) : broadcast16(0));
        }
      }
    }
  }
}

// One phase of a row: zeros where it lies outside, and between them one value in a fixed number, without a question.
FOVEA_INLINE void planar_places(const float* row, float* out, const PackRowsArgs& a, int phase, int places,
                                bool inside) {
  const int x = a.x0 + phase;                                           // of place 0
  const int end = a.cols - phase < a.w - x ? a.cols - phase : a.w - x;  // in columns from there
  const int first = x < 0 ? (a.phases - 1 - x) / a.phases : 0;
  const int last = end > 0 ? (end + a.phases - 1) / a.phases : 0;
  int place = 0;
  for (; place < places && (!inside || place < first); ++place) out[place] = 0;
  for (; place < last; ++place) out[place] = row[std::int64_t{x + place * a.phases} * a.groups];
  for (; place < places; ++place) out[place] = 0;
}

void pack_rows_f32_planar(const PackRowsArgs& a) noexcept {
  const int places = (a.cols + a.phases - 1) / a.phases;
  const std::int64_t row_floats = std::int64_t{places} * a.keep_phases;
  float* out = a.out;
  for (int g = 0; g < a.groups; ++g) {
    for (int i = 0; i < a.rows; ++i, out += row_floats) {
      const int y = a.y0 + i * a.row_step;
      const bool inside = y >= 0 && y < a.h;
      const float* row = a.in + std::int64_t{inside ? y : 0} * a.w * a.groups + g;
      for (int phase = 0; phase < a.keep_phases; ++phase) {
        planar_places(row, out + std::int64_t{phase} * places, a, phase, places, inside);
      }
    }
  }
}

void nhwc_to_c16_f32(const float* in, float* out, std::int64_t pixels, int channels) noexcept {
  for (int c0 = 0; c0 < channels; c0 += 16) {
    const int count = channels - c0 < 16 ? channels - c0 : 16;
    for (std::int64_t p = 0; p < pixels; ++p, out += 16) {
      const float* from = in + p * channels + c0;
      if (count == 16) {
        store16(out, load16(from));
      } else {
        for (int c = 0; c < 16; ++c) out[c] = c < count ? from[c] : 0.0f;
      }
    }
  }
}

void c16_to_nhwc_f32(const float* in, float* out, std::int64_t pixels, int channels) noexcept {
  for (int c0 = 0; c0 < channels; c0 += 16) {
    const int count = channels - c0 < 16 ? channels - c0 : 16;
    for (std::int64_t p = 0; p < pixels; ++p, in += 16) {
      float* to = out + p * channels + c0;
      if (count == 16) {
        store16(to, load16(in));
      } else {
        for (int c = 0; c < count; ++c) to[c] = in[c];
      }
    }
  }
}

}  // namespace

PackKernels pack_kernels() {
  return {.rows_f32_c16 = pack_rows_f32_c16,
          .rows_f32_planar = pack_rows_f32_planar,
          .nhwc_to_c16_f32 = nhwc_to_c16_f32,
          .c16_to_nhwc_f32 = c16_to_nhwc_f32};
}

}  // namespace fovea::FOVEA_NS
