// Seeded random values for tests. FOVEA_TEST_SEED overrides the seed; fixtures print it when a test fails.
#pragma once

#include <cstdint>
#include <random>
#include <span>

namespace fovea::test {

/// FOVEA_TEST_SEED, or a fixed number.
std::uint32_t test_seed();

/// True if FOVEA_FULL=1 asks for the slow, complete sweeps.
bool full_sweep();

class Random {
 public:
  explicit Random(std::uint32_t seed = test_seed()) : engine_(seed) {}

  /// Whole number in [lo, hi].
  int integer(int lo, int hi) { return lo + static_cast<int>(engine_() % static_cast<std::uint32_t>(hi - lo + 1)); }
  /// Uniform in [lo, hi).
  float real(float lo = -1, float hi = 1) { return lo + (hi - lo) * static_cast<float>(engine_() >> 8) * 0x1p-24f; }
  /// One value: a small whole number (sums of products stay exact) or a real one.
  float value(bool integers) { return integers ? static_cast<float>(integer(-4, 4)) : real(); }
  void fill(std::span<float> out, bool integers = false) {
    for (float& x : out) x = value(integers);
  }

 private:
  std::mt19937 engine_;
};

}  // namespace fovea::test
