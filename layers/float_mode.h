// How the processor rounds: the same for every run, whatever the calling program has set.
#pragma once

#include <immintrin.h>

namespace fovea {

/// While one lives the thread rounds to nearest and takes numbers below the smallest normal one, 2^-126, for zero, as
/// operands and as results. Intel's processors take a hundred times as long for such numbers, and an activation like
/// silu makes many of them; frameworks leave them out as well.
class FloatMode {
 public:
  FloatMode() noexcept : before_(_mm_getcsr()) { _mm_setcsr(kMode); }
  ~FloatMode() { _mm_setcsr(before_); }
  FloatMode(const FloatMode&) = delete;
  FloatMode& operator=(const FloatMode&) = delete;

 private:
  static constexpr unsigned kMasks = 0x1f80;  // no exception traps
  static constexpr unsigned kMode = kMasks | _MM_FLUSH_ZERO_ON | 0x0040 /* denormals are zero */;
  unsigned before_;
};

}  // namespace fovea
