// Fixture of tests that run once for every instruction set of this machine: Pool.MatchesReference/avx512.
//
//   class Pool : public KernelTest {};
//   FOVEA_EVERY_TABLE(Pool);
//   TEST_P(Pool, MatchesReference) { table().pool.max_f32_c16(...); }
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "kernels/dispatch.h"
#include "tests/support/buffer.h"
#include "tests/support/close.h"
#include "tests/support/random.h"

namespace fovea::test {

class KernelTest : public testing::TestWithParam<const KernelTable*> {
 protected:
  const KernelTable& table() const { return *GetParam(); }
  Random& random() { return random_; }
  void TearDown() override {
    if (HasFailure()) ADD_FAILURE() << "seed: FOVEA_TEST_SEED=" << test_seed();
  }

 private:
  Random random_;
};

inline std::string table_name(const testing::TestParamInfo<const KernelTable*>& info) {
  return isa_name(info.param->isa);
}

#define FOVEA_EVERY_TABLE(fixture) \
  INSTANTIATE_TEST_SUITE_P(, fixture, testing::ValuesIn(::fovea::usable_tables()), ::fovea::test::table_name)

/// AVX2 and AVX-512 promise the same bits. Skips with a line on a machine that lacks one of them.
class SameBits : public testing::Test {
 protected:
  void SetUp() override {
    if (find_table("avx2") == nullptr || find_table("avx512") == nullptr) {
      GTEST_SKIP() << "this machine or build lacks avx2 or avx512: nothing to compare";
    }
  }
  /// Compares what run(table) returns, a vector of float.
  template <class Run>
  void expect_same(Run run) {
    EXPECT_TRUE(same_bits(run(*find_table("avx2")), run(*find_table("avx512"))));
  }
};

inline constexpr float kInfinity = __builtin_inff();
inline constexpr float kNaN = __builtin_nanf("");
inline constexpr Clamp kNoClamp{-kInfinity, kInfinity};
inline constexpr Clamp kRelu{0, kInfinity};
inline constexpr Clamp kRelu6{0, 6};
/// For tests of kernels that clamp: the usual ones, and one that cuts at both ends.
inline constexpr Clamp kClamps[] = {kNoClamp, kRelu, kRelu6, {-0.5f, 0.25f}};

}  // namespace fovea::test
