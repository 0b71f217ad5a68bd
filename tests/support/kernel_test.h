// Fixture of tests that run once for every instruction set of this machine: Pool.MatchesReference/avx512.
//
//   class Pool : public KernelTest {};
//   FOVEA_EVERY_TABLE(Pool);
//   TEST_P(Pool, MatchesReference) { table().pool.max_f32_c16(...); }
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kernels/dispatch.h"
#include "tests/kernels/recorded_bits.h"
#include "tests/support/buffer.h"
#include "tests/support/close.h"
#include "tests/support/idle_kernel.h"
#include "tests/support/random.h"

namespace fovea::test {

class KernelTest : public testing::TestWithParam<const KernelTable*> {
 protected:
  const KernelTable& table() const { return table_under_test(*GetParam()); }
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

/// Instruction sets with FMA promise the same bits: all but the portable one. Skips with a line on a machine that lacks
/// all or all but one of them, unless there are another machine's results to compare with (recorded_bits.h).
class SameBits : public testing::Test {
 protected:
  void SetUp() override {
    for (const KernelTable* table : usable_tables()) {
      if (table->isa != Isa::portable) fused_.push_back(table);
    }
    if (fused_.size() + RecordedBits::of_this_run().wanted() < 2)
      GTEST_SKIP() << "this machine or build has no two sets with FMA: nothing to compare";
  }
  /// Compares what run(table) returns, a vector of float.
  template <class Run>
  void expect_same(Run run) {
    const auto want = run(*fused_.front());
    for (std::size_t i = 1; i < fused_.size(); ++i) {
      EXPECT_TRUE(same_bits(run(*fused_[i]), want)) << isa_name(fused_[i]->isa);
    }
    if (RecordedBits::of_this_run().wanted()) {
      EXPECT_TRUE(RecordedBits::of_this_run().same(want));
    }
  }

 private:
  std::vector<const KernelTable*> fused_;
};

inline constexpr float kInfinity = __builtin_inff();
inline constexpr float kNaN = __builtin_nanf("");
inline constexpr Clamp kNoClamp{-kInfinity, kInfinity};
inline constexpr Clamp kRelu{0, kInfinity};
inline constexpr Clamp kRelu6{0, 6};
/// For tests of kernels that clamp: the usual ones, and one that cuts at both ends.
inline constexpr Clamp kClamps[] = {kNoClamp, kRelu, kRelu6, {-0.5f, 0.25f}};

}  // namespace fovea::test
