// From outputs to a grade, by rules with one output a class or one for all.
#include "tests/grading/card_files.h"

namespace fovea::card_test {
namespace {

int grade(const Decision& decision, const std::vector<float>& outputs) {
  return decide(decision, outputs.data(), static_cast<int>(outputs.size()));
}

TEST(CardDecide, Argmax) {
  const Decision rule;
  EXPECT_EQ(grade(rule, {0.1F, 0.2F, 0.4F, 0.2F, 0.1F}), 2);
  EXPECT_EQ(grade(rule, {0.4F, 0.2F, 0.4F}), 0) << "the first of equals, as numpy.argmax";
  EXPECT_EQ(grade(rule, {-3.0F, -2.0F}), 1);
  EXPECT_EQ(grade(rule, {1.0F}), 0);
  EXPECT_NE(card_error_of([&] { grade(rule, {}); }), "no error");
}

TEST(CardDecide, Thresholds) {
  const Decision rule{Decision::Rule::thresholds, {0, 0.5, 0.25, 0.75}, {}};
  EXPECT_EQ(grade(rule, {0.9F, 0.1F, 0.0F, 0.0F}), 0);
  EXPECT_EQ(grade(rule, {0.1F, 0.6F, 0.3F, 0.0F}), 2) << "the highest above its own, not the largest";
  EXPECT_EQ(grade(rule, {0.1F, 0.6F, 0.25F, 0.75F}), 1) << "equal does not exceed";
  EXPECT_EQ(grade(rule, {0.0F, 0.1F, 0.1F, 0.8F}), 3);
  EXPECT_EQ(grade(rule, {0.0F, 0.0F, 0.0F, 0.0F}), 0) << "class 0 is what remains";
  EXPECT_EQ(card_error_of([&] { grade(rule, {0.1F}); }), "the model has 1 output, the card has 4 thresholds");
}

TEST(CardDecide, Regression) {
  Decision rule;
  rule.rule = Decision::Rule::regression;
  const std::vector<std::pair<float, int>> table = {{-7.0F, 0}, {0.49F, 0}, {0.5F, 1},  {1.49F, 1}, {1.5F, 2},
                                                    {2.0F, 2},  {2.5F, 3},  {3.49F, 3}, {3.5F, 4},  {99.0F, 4}};
  for (const auto& [output, want] : table) EXPECT_EQ(grade(rule, {output}), want) << output;
  EXPECT_EQ(card_error_of([&] {
              grade(rule, {1, 2});
            }),
            "the model has 2 outputs, the decision rule regression needs 1");
}

TEST(CardDecide, OutputsMustFitTheCard) {
  ModelCard card = preset_card("none");
  check_outputs(card, 7);
  card.classes = {"a", "b"};
  check_outputs(card, 2);
  EXPECT_EQ(card_error_of([&] { check_outputs(card, 5); }), "the model has 5 outputs, the card names 2 classes");
  card.decision.rule = Decision::Rule::regression;
  check_outputs(card, 1);
}

}  // namespace
}  // namespace fovea::card_test
