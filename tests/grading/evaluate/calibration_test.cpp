// Losses and reliability bins of a few probabilities.
#include "grading/evaluate/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace fovea::evaluate {
namespace {

TEST(Calibration, LossesOfOneRow) {
  EXPECT_DOUBLE_EQ(brier(0.25, true), 0.5625);
  EXPECT_DOUBLE_EQ(brier(0.25, false), 0.0625);
  EXPECT_DOUBLE_EQ(log_loss(0.25, true), std::log(4.0));
  EXPECT_DOUBLE_EQ(log_loss(0.25, false), std::log(4.0 / 3));
  const std::vector<double> three{0.5, 0.25, 0.25}, two{0.25, 0.75};
  EXPECT_DOUBLE_EQ(brier(three, 0), 0.25 + 2 * 0.0625);
  EXPECT_DOUBLE_EQ(log_loss(three, 2), std::log(4.0));
  EXPECT_DOUBLE_EQ(brier(two, 1), brier(0.75, true));
}

TEST(Calibration, CertainAndWrongIsFinite) {
  EXPECT_DOUBLE_EQ(log_loss(0, true), 52 * std::log(2.0));
  EXPECT_DOUBLE_EQ(log_loss(1, false), 52 * std::log(2.0));
  EXPECT_NEAR(log_loss(1, true), 0, 1e-15);
}

TEST(Calibration, MeanCountsRows) {
  const std::vector<double> values{1, 2, 3, 4, 5, 6};
  EXPECT_DOUBLE_EQ(mean(values, std::vector<RowCount>{1, 1, 1, 1, 1, 1}), 3.5);
  EXPECT_DOUBLE_EQ(mean(values, std::vector<RowCount>{0, 0, 0, 0, 1, 3}), 23.0 / 4);
}

TEST(Reliability, EdgesBelongToTheBinBelow) {
  const std::vector<double> probabilities{0, 0.25, 0.250001, 0.5, 0.75, 1};
  const std::vector<std::uint8_t> outcomes{0, 1, 1, 1, 0, 1};
  const Reliability reliability(probabilities, outcomes, 4);
  const auto bins = reliability.bins(std::vector<RowCount>(6, 1));
  ASSERT_EQ(bins.size(), 4u);
  EXPECT_EQ(bins[0].rows, 2);
  EXPECT_EQ(bins[1].rows, 2);
  EXPECT_EQ(bins[2].rows, 1);
  EXPECT_EQ(bins[3].rows, 1);
  EXPECT_DOUBLE_EQ(bins[0].mean_probability, 0.125);
  EXPECT_DOUBLE_EQ(bins[0].observed, 0.5);
  EXPECT_EQ(bins[3].low, 0.75);
  EXPECT_EQ(bins[3].high, 1);
}

TEST(Reliability, ErrorIsTheMeanGap) {
  // Bin 1 says 0.2 and sees 1 of 2, bin 2 says 0.9 and sees 1 of 1.
  const Reliability reliability(std::vector{0.2, 0.9, 0.2}, std::vector<std::uint8_t>{1, 1, 0}, 2);
  EXPECT_DOUBLE_EQ(reliability.expected_error(std::vector<RowCount>{1, 1, 1}), (2 * 0.3 + 0.1) / 3);
  // Without the second row the upper bin is empty.
  const std::vector<RowCount> counts{1, 0, 1};
  EXPECT_DOUBLE_EQ(reliability.expected_error(counts), 0.3);
  EXPECT_EQ(reliability.bins(counts)[1].rows, 0);
  EXPECT_TRUE(std::isnan(reliability.bins(counts)[1].observed));
}

}  // namespace
}  // namespace fovea::evaluate
