// What the arguments of all kernels share.
#pragma once

namespace fovea {

/// Channels in one block of the c16 layout.
inline constexpr int kBlock = 16;

/// Clamp applied last in an epilogue: min(hi, max(lo, x)). NaN stays NaN. Infinite bounds mean none.
struct Clamp {
  float lo, hi;
};

}  // namespace fovea
