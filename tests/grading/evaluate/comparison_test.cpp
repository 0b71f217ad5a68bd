// McNemar's test and the comparison of two models.
#include "grading/evaluate/comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include <fovea/error.h>

namespace fovea::evaluate {
namespace {

TEST(McNemar, SmallCounts) {
  // Six images tell the models apart, one in favour of the first: 2 * (1 + 6) / 2^6.
  const McNemar test = mcnemar(10, 1, 5, 3);
  EXPECT_DOUBLE_EQ(test.exact_p, 14.0 / 64);
  EXPECT_DOUBLE_EQ(test.chi_square, 9.0 / 6);
  EXPECT_DOUBLE_EQ(mcnemar(0, 5, 1, 0).exact_p, 14.0 / 64);
  EXPECT_DOUBLE_EQ(mcnemar(0, 0, 3, 0).exact_p, 0.25);
  EXPECT_DOUBLE_EQ(mcnemar(0, 4, 4, 0).exact_p, 1);
}

TEST(McNemar, NothingTellsThemApart) {
  const McNemar test = mcnemar(5, 0, 0, 5);
  EXPECT_EQ(test.exact_p, 1);
  EXPECT_TRUE(std::isnan(test.chi_square));
  EXPECT_TRUE(std::isnan(test.chi_square_p));
}

TEST(McNemar, ManyRows) {
  EXPECT_EQ(mcnemar(0, 0, 10'000'000, 0).exact_p, 0);
  EXPECT_DOUBLE_EQ(mcnemar(0, 5'000'000, 5'000'000, 0).exact_p, 1);
  // Far from 0 the exact test is near the normal distribution's, corrected for continuity.
  const McNemar test = mcnemar(0, 4'998'000, 5'002'000, 0);
  EXPECT_NEAR(test.exact_p, test.chi_square_p, 1e-6);
}

TEST(McNemar, CountsRows) {
  const std::vector<int> truth{0, 1, 2, 3, 4}, first{0, 1, 0, 0, 4}, second{0, 0, 2, 1, 0};
  const McNemar test = mcnemar(truth, first, second);
  EXPECT_EQ(test.both_right, 1);
  EXPECT_EQ(test.only_first_right, 2);
  EXPECT_EQ(test.only_second_right, 1);
  EXPECT_EQ(test.both_wrong, 1);
}

TEST(Compare, AModelWithItself) {
  const std::vector<int> truth{0, 1, 2, 3, 4, 0, 1}, grades{0, 1, 2, 2, 4, 1, 1};
  const Comparison comparison = compare(5, truth, grades, grades, {50, 1, 2});
  EXPECT_EQ(comparison.rows, 7);
  EXPECT_EQ(comparison.same_grade, 7);
  EXPECT_EQ(comparison.kappa_difference, 0);
  EXPECT_EQ(comparison.kappa_difference_interval.spread, Spread::none);
  EXPECT_TRUE(std::isnan(comparison.kappa_difference_interval.interval.low));
}

TEST(Compare, TheBetterModelIsAbove) {
  std::vector<int> truth, good, bad;
  for (int i = 0; i < 100; ++i) {
    truth.push_back(i % 5);
    good.push_back(i % 10 == 0 ? 1 : i % 5);
    bad.push_back((i * 7) / 10 % 5);
  }
  const Comparison comparison = compare(5, truth, good, bad, {200, 1, 1});
  EXPECT_GT(comparison.kappa_difference_interval.interval.low, 0);
  EXPECT_LT(comparison.kappa_difference_interval.interval.low, comparison.kappa_difference);
  EXPECT_GT(comparison.kappa_difference_interval.interval.high, comparison.kappa_difference);
  const Comparison swapped = compare(5, truth, bad, good, {200, 1, 1});
  EXPECT_EQ(swapped.kappa_difference, -comparison.kappa_difference);
  EXPECT_NE(swapped.kappa_difference_interval.interval.high, 0);
}

TEST(Compare, BadInput) {
  const std::vector<int> two{0, 1}, three{0, 1, 2}, none;
  EXPECT_THROW(compare(5, two, two, three, {10, 1, 1}), Error);
  EXPECT_THROW(compare(5, none, none, none, {10, 1, 1}), Error);
  EXPECT_THROW(compare(2, three, three, three, {10, 1, 1}), Error);
  EXPECT_THROW(compare(5, two, two, two, {10, 1, 0}), Error);
}

}  // namespace
}  // namespace fovea::evaluate
