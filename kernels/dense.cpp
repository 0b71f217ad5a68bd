// Dense layers: weights stream from memory once for up to kImages images at a time.
// Two blocks of 16 outputs advance together, so that two (AVX2: four) chains of FMAs hide each other's latency; at one
// image a block of weights is read once per FMA and memory is the limit.
#include "kernels/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

constexpr int kImages = kVecs == 1 ? 4 : 2;

template <int P, int V>
void dense_tile(const DenseArgs& d, int image, int block) noexcept {
  const float* in = d.in + image * d.in_stride;
  Lanes16 total[P][V];
#pragma GCC unroll 4
  for (int p = 0; p < P; ++p) {
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) total[p][v] = broadcast16(0);
  }
  for (int k0 = 0; k0 < d.k; k0 += d.k_block) {
    const int rows = d.k - k0 < d.k_block ? d.k - k0 : d.k_block;
    const float* w = d.weights + (std::int64_t{k0} * d.all_blocks + std::int64_t{d.first_block + block} * rows) * 16;
    Lanes16 acc[P][V];
#pragma GCC unroll 4
    for (int p = 0; p < P; ++p) {
#pragma GCC unroll 2
      for (int v = 0; v < V; ++v) acc[p][v] = broadcast16(0);
    }
    for (int k = 0; k < rows; ++k) {
#pragma GCC unroll 2
      for (int v = 0; v < V; ++v) {
        const Lanes16 weight = load16(w + (std::int64_t{v} * rows + k) * 16);
#pragma GCC unroll 4
        for (int p = 0; p < P; ++p) acc[p][v] = fma(broadcast16(in[p * d.in_stride + k0 + k]), weight, acc[p][v]);
      }
    }
#pragma GCC unroll 4
    for (int p = 0; p < P; ++p) {
#pragma GCC unroll 2
      for (int v = 0; v < V; ++v) total[p][v] = total[p][v] + acc[p][v];
    }
  }
  const Bounds limit = bounds(d.clamp);
#pragma GCC unroll 4
  for (int p = 0; p < P; ++p) {
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) {
      const Lanes16 x = total[p][v] + load16(d.bias + (block + v) * 16);
      store16(d.out + (image + p) * d.out_stride + (block + v) * 16, clamp16(x, limit));
    }
  }
}

template <int V>
void dense_blocks(const DenseArgs& d, int block) noexcept {
  int image = 0;
  for (; image + kImages <= d.images; image += kImages) dense_tile<kImages, V>(d, image, block);
  for (; image < d.images; ++image) dense_tile<1, V>(d, image, block);
}

void dense_f32(const DenseArgs& d) noexcept {
  int block = 0;
  for (; block + 2 <= d.out_blocks; block += 2) dense_blocks<2>(d, block);
  if (block < d.out_blocks) dense_blocks<1>(d, block);
}

}  // namespace

DenseKernels dense_kernels() { return {.f32 = dense_f32}; }

}  // namespace fovea::FOVEA_NS
