// Sensitivity and its kin, and Wilson's interval.
#include "grading/evaluate/binary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace fovea::evaluate {
namespace {

TEST(Binary, GradeOrWorseIsPositive) {
  const std::vector<int> truth{0, 0, 1, 2, 2, 3, 4}, predicted{0, 2, 1, 2, 1, 4, 4};
  const Confusion confusion(5, truth, predicted);
  const BinaryCounts referable = binary_counts(confusion, 2);
  EXPECT_EQ(referable.true_positives, 3);
  EXPECT_EQ(referable.false_positives, 1);
  EXPECT_EQ(referable.false_negatives, 1);
  EXPECT_EQ(referable.true_negatives, 2);
  EXPECT_DOUBLE_EQ(sensitivity(referable).value(), 0.75);
  EXPECT_DOUBLE_EQ(specificity(referable).value(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(positive_predictive_value(referable).value(), 0.75);
  EXPECT_DOUBLE_EQ(negative_predictive_value(referable).value(), 2.0 / 3);
  EXPECT_EQ(binary_counts(confusion, 1).true_positives, 5);
  EXPECT_EQ(binary_counts(confusion, 4).true_positives, 1);
}

TEST(Binary, NothingToCountIsUndefined) {
  const std::vector<int> truth{0, 0}, predicted{0, 0};
  const BinaryCounts counts = binary_counts(Confusion(5, truth, predicted), 2);
  EXPECT_TRUE(std::isnan(sensitivity(counts).value()));
  EXPECT_EQ(sensitivity(counts).of, 0);
  EXPECT_TRUE(std::isnan(positive_predictive_value(counts).value()));
  EXPECT_EQ(specificity(counts).value(), 1);
}

TEST(Wilson, SolvesItsQuadratic) {
  // The ends are where a proportion is z standard errors (its own) away from what was seen.
  for (const Proportion seen : {Proportion{7, 10}, Proportion{1, 3}, Proportion{180, 200}}) {
    const Interval interval = wilson(seen);
    const auto n = static_cast<double>(seen.of);
    for (const double end : {interval.low, interval.high}) {
      EXPECT_NEAR(std::abs(seen.value() - end) / std::sqrt(end * (1 - end) / n), kNormalQuantile, 1e-9);
    }
    EXPECT_LT(interval.low, seen.value());
    EXPECT_GT(interval.high, seen.value());
  }
}

TEST(Wilson, Ends) {
  const double z2 = kNormalQuantile * kNormalQuantile;
  EXPECT_EQ(wilson({0, 10}).low, 0);
  EXPECT_NEAR(wilson({0, 10}).high, z2 / (10 + z2), 1e-15);
  EXPECT_EQ(wilson({10, 10}).high, 1);
  EXPECT_TRUE(std::isnan(wilson({0, 0}).low));
  EXPECT_TRUE(std::isnan(wilson({0, 0}).high));
  EXPECT_NEAR(wilson({12, 12}).low, 0.757506, 5e-7);  // "1.000" of 12 eyes
}

TEST(Newcombe, AnAreaOfOneEachIsWilsonsOfOne) {
  // One positive and one negative row are one pair, in order or not.
  EXPECT_NEAR(newcombe(1, 1, 1).low, wilson({1, 1}).low, 1e-15);
  EXPECT_NEAR(newcombe(0, 1, 1).high, wilson({0, 1}).high, 1e-15);
}

TEST(Newcombe, Ends) {
  const Interval perfect = newcombe(1, 8, 12);
  EXPECT_EQ(perfect.high, 1);
  EXPECT_GT(perfect.low, 0.75);
  EXPECT_LT(perfect.low, 0.9);
  const Interval useless = newcombe(0, 12, 8);
  EXPECT_EQ(useless.low, 0);
  EXPECT_NEAR(useless.high, 1 - perfect.low, 1e-12);  // the same, turned round
  const Interval half = newcombe(0.5, 10, 10);
  EXPECT_NEAR(half.low, 1 - half.high, 1e-12);
  EXPECT_LT(newcombe(0.9, 1'000'000, 1'000'000).high - newcombe(0.9, 1'000'000, 1'000'000).low, 2e-3);
  for (const Interval& none : {newcombe(kUndefined, 3, 3), newcombe(1, 0, 3), newcombe(1, 3, 0)}) {
    EXPECT_TRUE(std::isnan(none.low));
    EXPECT_TRUE(std::isnan(none.high));
  }
}

}  // namespace
}  // namespace fovea::evaluate
