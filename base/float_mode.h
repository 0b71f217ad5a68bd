// How the processor rounds: the same for all that fovea computes, whatever the calling program has set.
#pragma once

#include <immintrin.h>

namespace fovea {

/// While one lives the thread rounds to nearest, in SSE's and the x87's arithmetic (the C library reads the latter's
/// control word when it reads numbers), and no exception traps; afterwards both are as they were.
class FloatMode {
 public:
  /// What becomes of numbers below the smallest normal one, 2^-126, as operands and as results. A run takes them for
  /// zero: Intel's processors take a hundred times as long for them, an activation like silu makes many, and frameworks
  /// leave them out as well. What is done once, at load or with a picture, keeps them.
  enum class Tiny { zero, kept };

  explicit FloatMode(Tiny tiny = Tiny::zero) noexcept : before_(_mm_getcsr()) {
    __asm__ volatile("fnstcw %0" : "=m"(x87_before_));
    set_x87(kX87);
    _mm_setcsr(tiny == Tiny::zero ? kMasks | _MM_FLUSH_ZERO_ON | kDenormalsAreZero : kMasks);
  }
  ~FloatMode() {
    _mm_setcsr(before_);
    set_x87(x87_before_);
  }
  FloatMode(const FloatMode&) = delete;
  FloatMode& operator=(const FloatMode&) = delete;

 private:
  static constexpr unsigned kMasks = 0x1f80, kDenormalsAreZero = 0x0040;
  static constexpr unsigned short kX87 = 0x037f;  // to nearest, 64-bit significands, no traps

  static void set_x87(unsigned short word) noexcept { __asm__ volatile("fldcw %0" : : "m"(word)); }

  unsigned before_;
  unsigned short x87_before_ = 0;
};

/// While one lives the thread's SSE arithmetic is as another thread's was: for threads that belong to the host.
class AdoptedFloatMode {
 public:
  explicit AdoptedFloatMode(unsigned mode) noexcept : before_(own()) { adopt(mode); }
  ~AdoptedFloatMode() { adopt(before_); }
  AdoptedFloatMode(const AdoptedFloatMode&) = delete;
  AdoptedFloatMode& operator=(const AdoptedFloatMode&) = delete;

  /// That of this thread, to be adopted by others, and the reverse for good.
  static unsigned own() noexcept { return _mm_getcsr(); }
  static void adopt(unsigned mode) noexcept { _mm_setcsr(mode); }

 private:
  unsigned before_;
};

}  // namespace fovea
