// The two loops that find a machine's peaks. Compiled once per instruction set, each copy in a namespace of its own;
// the header holds no code that copies could share.
#pragma once

#include <cstdint>

namespace fovea::bench {

/// One instruction set's loops.
struct PeakKernels {
  /// Multiplies and adds in registers only, `rounds` times over `kPeakChains` independent vectors. `state` holds
  /// kPeakChains + 2 vectors: where the chains start and end, the factor, the summand.
  void (*multiply_add)(std::int64_t rounds, float* state);
  /// Reads `count` floats (a multiple of kReadStep) once, in order; returns their sum so that nothing is left out.
  float (*read)(const float* data, std::int64_t count);
  int lanes;  ///< floats in a vector
};

/// Longest latency of a multiply-add seen (5 cycles) times two ports, with some to spare; multiplication and addition
/// as two instructions need 12. With factor and summand it fits 16 registers.
inline constexpr int kPeakChains = 12;
inline constexpr int kReadStep = 256;

}  // namespace fovea::bench
