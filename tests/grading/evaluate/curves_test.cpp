// Curves of a handful of scores.
#include "grading/evaluate/curves.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace fovea::evaluate {
namespace {

CurveScores scores_of(const std::vector<double>& scores, const std::vector<std::uint8_t>& positive,
                      std::vector<RowCount> counts = {}, double target = 0.9) {
  if (counts.empty()) counts.assign(scores.size(), 1);
  return curve_scores(Ranking(scores, positive), counts, target);
}

TEST(Curves, FourScores) {
  // By falling score: yes, no, yes, no. Of the four pairs of a yes and a no, three are in order.
  const CurveScores scores = scores_of({0.1, 0.4, 0.35, 0.8}, {0, 0, 1, 1});
  EXPECT_DOUBLE_EQ(scores.roc_auc, 0.75);
  EXPECT_DOUBLE_EQ(scores.average_precision, 0.5 * 1 + 0.5 * (2.0 / 3));
  EXPECT_EQ(scores.operating_point.threshold, 0.35);
  EXPECT_EQ(scores.operating_point.sensitivity, 1);
  EXPECT_EQ(scores.operating_point.specificity, 0.5);
}

TEST(Curves, TheHighestThresholdThatReachesTheTarget) {
  const std::vector<double> scores{0.9, 0.8, 0.7, 0.6, 0.5};
  const std::vector<std::uint8_t> positive{1, 0, 1, 1, 0};
  EXPECT_EQ(scores_of(scores, positive, {}, 1.0 / 3).operating_point.threshold, 0.9);
  EXPECT_EQ(scores_of(scores, positive, {}, 0.34).operating_point.threshold, 0.7);
  EXPECT_EQ(scores_of(scores, positive, {}, 1).operating_point.threshold, 0.6);
  EXPECT_EQ(scores_of(scores, positive, {}, 1).operating_point.counts.false_positives, 1);
}

TEST(Curves, TiesAreOneStep) {
  const CurveScores tied = scores_of({0.5, 0.5, 0.5, 0.5}, {1, 0, 0, 1});
  EXPECT_DOUBLE_EQ(tied.roc_auc, 0.5);
  EXPECT_DOUBLE_EQ(tied.average_precision, 0.5);
  EXPECT_EQ(tied.operating_point.counts.true_positives, 2);
  EXPECT_EQ(tied.operating_point.specificity, 0);
  EXPECT_EQ(curve(Ranking(std::vector{0.5, 0.5}, std::vector<std::uint8_t>{1, 0})).points.size(), 2u);
}

TEST(Curves, ARowThatCountsTwiceIsTwoRows) {
  const CurveScores counted = scores_of({0.9, 0.7, 0.6, 0.2}, {1, 0, 1, 0}, {2, 1, 0, 3});
  const CurveScores repeated = scores_of({0.9, 0.9, 0.7, 0.2, 0.2, 0.2}, {1, 1, 0, 0, 0, 0});
  EXPECT_EQ(counted.roc_auc, repeated.roc_auc);
  EXPECT_EQ(counted.average_precision, repeated.average_precision);
  EXPECT_EQ(counted.operating_point.threshold, repeated.operating_point.threshold);
  EXPECT_EQ(counted.operating_point.specificity, repeated.operating_point.specificity);
}

TEST(Curves, OneClassOnly) {
  const CurveScores none = scores_of({0.1, 0.2}, {0, 0});
  EXPECT_TRUE(std::isnan(none.roc_auc));
  EXPECT_TRUE(std::isnan(none.average_precision));
  EXPECT_TRUE(std::isnan(none.operating_point.threshold));
  const CurveScores all = scores_of({0.1, 0.2}, {1, 1});
  EXPECT_TRUE(std::isnan(all.roc_auc));
  EXPECT_EQ(all.average_precision, 1);
  EXPECT_EQ(all.operating_point.sensitivity, 1);
  EXPECT_TRUE(std::isnan(all.operating_point.specificity));
}

TEST(Curves, PointsRunFromNothingToEverything) {
  const Curve points = curve(Ranking(std::vector{0.1, 0.4, 0.35, 0.8}, std::vector<std::uint8_t>{0, 0, 1, 1}));
  ASSERT_EQ(points.points.size(), 5u);
  EXPECT_EQ(points.points.front().threshold, std::numeric_limits<double>::infinity());
  EXPECT_EQ(points.points.front().true_positives, 0);
  EXPECT_EQ(points.points[1].threshold, 0.8);
  EXPECT_EQ(points.points[2].false_positives, 1);
  EXPECT_EQ(points.points.back().true_positives, points.positives);
  EXPECT_EQ(points.points.back().false_positives, points.negatives);
}

}  // namespace
}  // namespace fovea::evaluate
