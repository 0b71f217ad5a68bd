// How the processor rounds: the same for all that fovea computes, whatever the calling program has set.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <cstdint>

namespace fovea {

/// What becomes of numbers below the smallest normal one, 2^-126, as operands and as results. A run takes them for
/// zero: Intel's processors take a hundred times as long for them, an activation like silu makes many, and frameworks
/// leave them out as well. What is done once, at load or with a picture, keeps them.
enum class TinyNumbers { zero, kept };

#if defined(__x86_64__)

/// What says how a thread computes and what has happened: SSE's register and the x87's, which the C library reads when
/// it reads numbers.
struct FloatRegisters {
  std::uint32_t sse;
  std::uint16_t x87;

  static FloatRegisters current() noexcept {
    FloatRegisters now{_mm_getcsr(), 0};
    __asm__ volatile("fnstcw %0" : "=m"(now.x87));
    return now;
  }
  /// To nearest, the x87 with 64-bit significands, no traps, nothing has happened.
  static FloatRegisters wanted(TinyNumbers tiny) noexcept {
    constexpr std::uint32_t kMasks = 0x1f80, kFlushed = 0x8000, kDenormalsAreZero = 0x0040;
    return {tiny == TinyNumbers::zero ? kMasks | kFlushed | kDenormalsAreZero : kMasks, 0x037f};
  }
  void set() const noexcept {
    __asm__ volatile("fldcw %0" : : "m"(x87));
    _mm_setcsr(sse);
  }
  /// Whether they compute alike, whatever has happened.
  bool agrees(const FloatRegisters& other) const noexcept {
    return ((sse ^ other.sse) & ~0x3fU) == 0 && x87 == other.x87;
  }
};

#elif defined(__aarch64__)

/// What says how a thread computes, and what has happened.
struct FloatRegisters {
  std::uint64_t control, status;

  static FloatRegisters current() noexcept {
    FloatRegisters now{};
    __asm__ volatile("mrs %0, fpcr" : "=r"(now.control));
    __asm__ volatile("mrs %0, fpsr" : "=r"(now.status));
    return now;
  }
  /// To nearest, no traps, nothing has happened.
  static FloatRegisters wanted(TinyNumbers tiny) noexcept {
    constexpr std::uint64_t kFlushToZero = 1 << 24;
    return {tiny == TinyNumbers::zero ? kFlushToZero : 0, 0};
  }
  void set() const noexcept {
    __asm__ volatile("msr fpcr, %0" : : "r"(control));
    __asm__ volatile("msr fpsr, %0" : : "r"(status));
  }
  /// Whether they compute alike, whatever has happened.
  bool agrees(const FloatRegisters& other) const noexcept { return control == other.control; }
};

#endif

/// While one lives the thread rounds to nearest and no exception traps; afterwards all is as it was.
class FloatMode {
 public:
  using Tiny = TinyNumbers;

  explicit FloatMode(Tiny tiny = Tiny::zero) noexcept : before_(FloatRegisters::current()) {
    FloatRegisters::wanted(tiny).set();
  }
  ~FloatMode() { before_.set(); }
  FloatMode(const FloatMode&) = delete;
  FloatMode& operator=(const FloatMode&) = delete;

 private:
  FloatRegisters before_;
};

/// While one lives the thread computes as another thread did: for threads that belong to the host.
class AdoptedFloatMode {
 public:
  explicit AdoptedFloatMode(const FloatRegisters& mode) noexcept : before_(FloatRegisters::current()) { mode.set(); }
  ~AdoptedFloatMode() { before_.set(); }
  AdoptedFloatMode(const AdoptedFloatMode&) = delete;
  AdoptedFloatMode& operator=(const AdoptedFloatMode&) = delete;

 private:
  FloatRegisters before_;
};

}  // namespace fovea
