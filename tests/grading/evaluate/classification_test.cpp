// Metrics of confusion matrices that can be worked out by hand.
#include "grading/evaluate/classification.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace fovea::evaluate {
namespace {

Confusion matrix(const std::vector<std::vector<int>>& rows) {
  Confusion confusion(static_cast<int>(rows.size()));
  for (std::size_t truth = 0; truth < rows.size(); ++truth) {
    for (std::size_t predicted = 0; predicted < rows.size(); ++predicted) {
      confusion.add(static_cast<int>(truth), static_cast<int>(predicted), rows[truth][predicted]);
    }
  }
  return confusion;
}

TEST(Classification, TwoGrades) {
  const Confusion confusion = matrix({{20, 5}, {10, 15}});
  EXPECT_DOUBLE_EQ(accuracy(confusion).value(), 0.7);
  // By chance 0.5 would agree: (0.7 - 0.5) / (1 - 0.5).
  for (const Disagreement weights : {Disagreement::any, Disagreement::linear, Disagreement::quadratic}) {
    EXPECT_DOUBLE_EQ(kappa(confusion, weights), 0.4);
  }
  EXPECT_DOUBLE_EQ(precision(confusion, 1).value(), 0.75);
  EXPECT_DOUBLE_EQ(recall(confusion, 1).value(), 0.6);
  EXPECT_DOUBLE_EQ(f1(confusion, 1), 2.0 / 3);
  EXPECT_DOUBLE_EQ(f1(confusion, 0), 40.0 / 55);
  EXPECT_DOUBLE_EQ(macro_f1(confusion), (2.0 / 3 + 40.0 / 55) / 2);
  EXPECT_DOUBLE_EQ(balanced_accuracy(confusion), 0.7);
  EXPECT_DOUBLE_EQ(mean_absolute_error(confusion), 0.3);
  EXPECT_DOUBLE_EQ(matthews(confusion), (20.0 * 15 - 5.0 * 10) / std::sqrt(30.0 * 20 * 25 * 25));
}

TEST(Classification, DistanceOfGradesCounts) {
  // One row each of grades 0, 1, 2, 3; the last is called 0. The margins (1 1 1 1) and (2 1 1 0), multiplied, disagree
  // by 12 (any), 20 (linear) and 40 (quadratic); what is expected of 4 rows is a quarter of it.
  const Confusion confusion = matrix({{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {1, 0, 0, 0}});
  EXPECT_DOUBLE_EQ(kappa(confusion, Disagreement::any), 1 - 1.0 / (12.0 / 4));
  EXPECT_DOUBLE_EQ(kappa(confusion, Disagreement::linear), 1 - 3.0 / (20.0 / 4));
  EXPECT_DOUBLE_EQ(kappa(confusion, Disagreement::quadratic), 1 - 9.0 / (40.0 / 4));
  EXPECT_DOUBLE_EQ(mean_absolute_error(confusion), 0.75);
}

TEST(Classification, GradesThatOccurNowhereAreNoPartOfMeans) {
  const Confusion confusion = matrix({{3, 1, 0}, {0, 0, 0}, {0, 0, 0}});
  EXPECT_DOUBLE_EQ(balanced_accuracy(confusion), 0.75);        // grade 0 alone is in the reference
  EXPECT_DOUBLE_EQ(macro_f1(confusion), (6.0 / 7 + 0.0) / 2);  // grades 0 and 1 occur
  EXPECT_DOUBLE_EQ(weighted_f1(confusion), 6.0 / 7);
  EXPECT_TRUE(std::isnan(precision(confusion, 2).value()));
  EXPECT_TRUE(std::isnan(recall(confusion, 1).value()));
  EXPECT_TRUE(std::isnan(f1(confusion, 2)));
  EXPECT_EQ(f1(confusion, 1), 0);  // predicted, and never right
}

TEST(Classification, OneGradeOnly) {
  const Confusion confusion = matrix({{0, 0}, {0, 7}});
  EXPECT_TRUE(std::isnan(kappa(confusion, Disagreement::any)));
  EXPECT_TRUE(std::isnan(kappa(confusion, Disagreement::quadratic)));
  EXPECT_TRUE(std::isnan(matthews(confusion)));
  EXPECT_EQ(accuracy(confusion).value(), 1);
}

TEST(Classification, TheLargestCountsDoNotOverflow) {
  // Ten million rows at the far corners of a hundred grades, half right: kappa is exactly 0.
  Confusion confusion(100);
  for (const int truth : {0, 99}) {
    for (const int predicted : {0, 99}) confusion.add(truth, predicted, 2'500'000);
  }
  EXPECT_DOUBLE_EQ(kappa(confusion, Disagreement::quadratic), 0);
  EXPECT_DOUBLE_EQ(matthews(confusion), 0);
}

TEST(Confusion, CountsAndForgets) {
  const std::vector<int> truth{0, 1, 1, 2}, predicted{0, 1, 2, 0};
  Confusion confusion(3, truth, predicted);
  EXPECT_EQ(confusion.total(), 4);
  EXPECT_EQ(confusion.right(), 2);
  EXPECT_EQ(confusion.at(1, 2), 1);
  EXPECT_EQ(confusion.true_total(1), 2);
  EXPECT_EQ(confusion.predicted_total(0), 2);
  confusion.clear();
  EXPECT_EQ(confusion.total() + confusion.right() + confusion.at(1, 2) + confusion.true_total(1), 0);
}

}  // namespace
}  // namespace fovea::evaluate
