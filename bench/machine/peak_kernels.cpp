// The register-only multiply-add loop and the reading loop, in g++'s own vectors: with -mfma and -ffp-contract=fast
// `a * b + c` is one instruction. No header with inline code is included: this file is compiled once per instruction
// set, and the linker keeps one copy of what they share.
#include "bench/machine/peak_kernels.h"

namespace fovea::bench::FOVEA_NS {

// Vectors that may lie anywhere and alias floats.
using Vector [[gnu::vector_size(FOVEA_VECTOR_BYTES), gnu::aligned(4), gnu::may_alias]] = float;
constexpr int kLanes = FOVEA_VECTOR_BYTES / 4;

namespace {

// 12 chains, factor and summand: 14 registers. Per step 12 FMA (or multiplications and additions) and a third of the
// counting, so the arithmetic ports bind.
void multiply_add(std::int64_t rounds, float* state) {
  Vector* const at = reinterpret_cast<Vector*>(state);
  Vector chains[kPeakChains];
#pragma GCC unroll 12
  for (int i = 0; i < kPeakChains; ++i) chains[i] = at[i];
  const Vector factor = at[kPeakChains], summand = at[kPeakChains + 1];
  for (std::int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < kPeakChains; ++i) chains[i] = chains[i] * factor + summand;
  }
#pragma GCC unroll 12
  for (int i = 0; i < kPeakChains; ++i) at[i] = chains[i];
}

// Eight sums hide the latency of an addition; memory is slower than all of them by far.
float read(const float* data, std::int64_t count) {
  constexpr int kSums = 8;
  static_assert(kReadStep % (kSums * kLanes) == 0);
  Vector sums[kSums] = {};
  for (const float* const end = data + count; data != end; data += kSums * kLanes) {
#pragma GCC unroll 8
    for (int i = 0; i < kSums; ++i) sums[i] += reinterpret_cast<const Vector*>(data)[i];
  }
  float total = 0;
  for (int i = 0; i < kSums; ++i) {
    for (int lane = 0; lane < kLanes; ++lane) total += sums[i][lane];
  }
  return total;
}

}  // namespace

extern const PeakKernels kPeakKernels{multiply_add, read, kLanes};

}  // namespace fovea::bench::FOVEA_NS
