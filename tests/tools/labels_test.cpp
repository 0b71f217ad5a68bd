// The rows of labels.csv and the counts over them.
#include "tools/common/grade/labels.h"

#include <gtest/gtest.h>

namespace fovea::tools {
namespace {

using Cells = std::vector<std::string>;

ModelCard graded_card() {
  ModelCard card;
  card.classes = {"No DR", "Mild", "Moderate"};
  return card;
}

TEST(Labels, TheDefaultIsExactlyIdAndDiagnosis) {
  const ModelCard card = graded_card();
  EXPECT_EQ(label_header(card, 3, false), (Cells{"id_code", "diagnosis"}));
  EXPECT_EQ(label_row(card, "x", {"", 2, {0.25f, 0.25f, 0.5f}, "note"}, false), (Cells{"x", "2"}));
}

TEST(Labels, DetailsAddEveryProbability) {
  const ModelCard card = graded_card();
  EXPECT_EQ(label_header(card, 3, true),
            (Cells{"id_code", "diagnosis", "class", "p0", "p1", "p2", "confidence", "referable", "note"}));
  EXPECT_EQ(label_row(card, "x", {"", 2, {0.25f, 0.1f, 0.65f}, "small"}, true),
            (Cells{"x", "2", "Moderate", "0.25", "0.1", "0.65", "0.65", "1", "small"}));
  EXPECT_EQ(label_row(card, "y", {"", 1, {1e-20f, 1.0f, 0.0f}, ""}, true),
            (Cells{"y", "1", "Mild", "1e-20", "1", "0", "1", "0", ""}));
}

TEST(Labels, TheConfidenceIsThatOfTheGivenGrade) {
  ModelCard card = graded_card();
  card.decision.rule = Decision::Rule::thresholds;
  card.decision.thresholds = {0, 0.3, 0.2};
  EXPECT_EQ(label_row(card, "x", {"", 2, {0.5f, 0.25f, 0.25f}, ""}, true)[6], "0.25");
}

TEST(Labels, ARegressionHasOneOutputAndNoConfidence) {
  ModelCard card;
  card.decision.rule = Decision::Rule::regression;
  EXPECT_EQ(grade_count(card.decision, 1), 5);
  EXPECT_EQ(label_header(card, 1, true),
            (Cells{"id_code", "diagnosis", "class", "output", "confidence", "referable", "note"}));
  EXPECT_EQ(label_row(card, "x", {"", 3, {2.75f}, ""}, true), (Cells{"x", "3", "", "2.75", "", "1", ""}));
}

TEST(Labels, AnOrdinalRuleShowsProbabilitiesAndOutputs) {
  ModelCard card = graded_card();
  card.decision.rule = Decision::Rule::ordinal;
  EXPECT_EQ(label_header(card, 2, true), (Cells{"id_code", "diagnosis", "class", "p0", "p1", "p2", "output0", "output1",
                                                "confidence", "referable", "note"}));
  EXPECT_EQ(label_row(card, "x", {"", 1, {0.75f, 0.25f}, ""}, true),
            (Cells{"x", "1", "Mild", "0.25", "0.5", "0.25", "0.75", "0.25", "0.5", "0", ""}));
}

TEST(Labels, TheExpectedGradeIsShown) {
  ModelCard card = graded_card();
  card.decision.rule = Decision::Rule::expected;
  card.decision.cuts = {0.5, 1.5};
  EXPECT_EQ(label_row(card, "x", {"", 1, {0.5f, 0.25f, 0.25f}, ""}, true),
            (Cells{"x", "1", "Mild", "0.5", "0.25", "0.25", "0.75", "0.25", "0", ""}));
}

TEST(Labels, ClassesInAnotherOrderAreNamedByTheirGrade) {
  ModelCard card = graded_card();
  card.classes = {"Mild", "Moderate", "No DR"};
  card.decision.grades = {1, 2, 0};
  EXPECT_EQ(label_row(card, "x", {"", 2, {0.25f, 0.65f, 0.1f}, ""}, true),
            (Cells{"x", "2", "Moderate", "0.1", "0.25", "0.65", "0.65", "1", ""}));
}

TEST(Labels, WhereReferableIsNoQuestionNothingIsSaidOfIt) {
  ModelCard card = graded_card();
  card.referable.reset();
  EXPECT_EQ(label_row(card, "x", {"", 2, {0.25f, 0.1f, 0.65f}, ""}, true)[7], "");
  Counts counts;
  counts.by_grade = {0, 0, 1};
  counts.graded = 1;
  EXPECT_EQ(counts_table(card, counts).find("referable"), std::string::npos);
}

TEST(Labels, DemoResultsAreMarked) {
  ModelCard card = graded_card();
  card.demo = true;
  EXPECT_EQ(label_row(card, "x", {"", 0, {1, 0, 0}, ""}, true).back(), "demo, not for patients");
  EXPECT_EQ(label_row(card, "x", {"", 0, {1, 0, 0}, "small"}, true).back(), "demo, not for patients; small");
}

TEST(Labels, ProbabilitiesReadBackExactly) {
  const float third = 1.0f / 3.0f;
  const Cells row = label_row(graded_card(), "x", {"", 0, {third, third, third}, ""}, true);
  EXPECT_EQ(std::stof(row[3]), third);
}

TEST(Labels, TheTableCountsEveryGrade) {
  Counts counts;
  counts.by_grade = {6, 0, 2};
  counts.graded = 8;
  EXPECT_EQ(counts.referable(graded_card()), 2u);
  EXPECT_EQ(counts_table(graded_card(), counts),
            "class  name      images    share\n"
            "    0  No DR          6   75.0 %\n"
            "    1  Mild           0    0.0 %\n"
            "    2  Moderate       2   25.0 %\n"
            "  all                 8  100.0 %\n"
            "referable (grade 2 and above): 2 of 8 (25.0 %)\n");
}

TEST(Labels, NothingGradedIsNoDivisionByZero) {
  Counts counts;
  counts.by_grade = {0, 0, 0};
  EXPECT_NE(counts_table(graded_card(), counts).find("0 of 0 (-)"), std::string::npos);
}

}  // namespace
}  // namespace fovea::tools
