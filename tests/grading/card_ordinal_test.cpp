// Rules beyond one output a class in order: ordinal heads, the expected grade, logits, classes in another order.
#include <cmath>
#include <cstdint>

#include "tests/grading/card_files.h"

namespace fovea::card_test {
namespace {

using Rule = Decision::Rule;
using Outputs = std::vector<float>;

Decision decision_of(Rule rule, bool logits = false, std::vector<int> grades = {}) {
  Decision decision;
  decision.rule = rule;
  decision.logits = logits;
  decision.grades = std::move(grades);
  return decision;
}

int grade_of(const Decision& decision, const Outputs& outputs) {
  return decide(decision, outputs.data(), static_cast<int>(outputs.size()));
}

std::vector<double> probabilities_by(const Decision& decision, const Outputs& outputs) {
  return grade_probabilities(decision, outputs.data(), static_cast<int>(outputs.size()));
}

void expect_near(const std::vector<double>& got, const std::vector<double>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-6) << i;
}

// numpy: (p > 0.5).sum() - 1.
TEST(CardOrdinal, CountTakesAllOutputsAboveTheThresholdLessOne) {
  const Decision rule = decision_of(Rule::count);
  EXPECT_EQ(grade_of(rule, {.99F, .9F, .3F, .6F, .1F}), 2) << "not the highest above 0.5, which is 3";
  EXPECT_EQ(grade_of(rule, {.99F, .9F, .8F, .7F, .6F}), 4);
  EXPECT_EQ(grade_of(rule, {.99F, .1F, .1F, .1F, .1F}), 0);
  EXPECT_EQ(grade_of(rule, {.4F, .1F, .1F, .1F, .1F}), 0) << "-1 is no grade";
  EXPECT_EQ(grade_of(rule, {.5F, .5F, .5F, .5F, .6F}), 0) << "equal is not above";
  EXPECT_EQ(grade_count(rule, 5), 5);
}

TEST(CardOrdinal, CoralCountsOutputsAndCornTheirProducts) {
  const Outputs outputs{.9F, .8F, .6F, .9F};
  EXPECT_EQ(grade_of(decision_of(Rule::ordinal), outputs), 4);
  EXPECT_EQ(grade_of(decision_of(Rule::corn), outputs), 2) << ".9, .72, .432, .3888";
  EXPECT_EQ(grade_count(decision_of(Rule::ordinal), 4), 5);
  EXPECT_EQ(grade_count(decision_of(Rule::corn), 4), 5);
  Decision strict = decision_of(Rule::ordinal);
  strict.threshold = 0.85;
  EXPECT_EQ(grade_of(strict, outputs), 2);
}

TEST(CardOrdinal, ProbabilitiesOfGradesSumToOneAndTheGradeIsTheirMedian) {
  expect_near(probabilities_by(decision_of(Rule::corn), {.9F, .8F, .6F, .9F}), {.1, .18, .288, .0432, .3888});
  expect_near(probabilities_by(decision_of(Rule::ordinal), {.9F, .3F, .6F}), {.1, .3, .3, .3});
  expect_near(probabilities_by(decision_of(Rule::count), {.99F, .9F, .3F, .6F, .1F}), {.1, .3, .3, .2, .1});
  std::uint32_t state = 1;
  const auto next = [&] { return static_cast<float>((state = state * 1664525U + 1013904223U) >> 8) / 16777216.0F; };
  for (int trial = 0; trial < 2000; ++trial) {
    const Rule rule = std::array{Rule::count, Rule::ordinal, Rule::corn}[static_cast<std::size_t>(trial % 3)];
    const Outputs outputs{next(), next(), next(), next()};
    const std::vector<double> probabilities = probabilities_by(decision_of(rule), outputs);
    double sum = 0;
    int median = -1;
    for (const double p : probabilities) {
      EXPECT_GE(p, 0);
      if (1 - sum > 0.5) ++median;
      sum += p;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_EQ(median, grade_of(decision_of(rule), outputs)) << trial;
  }
}

TEST(CardOrdinal, ExpectedGradeIsRounded) {
  const Decision rule = decision_of(Rule::expected);
  EXPECT_EQ(grade_of(rule, {.6F, 0, 0, 0, .4F}), 2) << "mean 1.6, though no probability is there";
  EXPECT_EQ(grade_of(rule, {.5F, .5F, 0, 0, 0}), 1) << "a mean on a cut belongs above";
  EXPECT_EQ(grade_of(rule, {.51F, .49F, 0, 0, 0}), 0);
  EXPECT_NEAR(expected_grade(probabilities_by(rule, {.6F, 0, 0, 0, .4F})), 1.6, 1e-6);
  EXPECT_EQ(card_error_of([&] {
              grade_of(rule, {.5F, .5F});
            }),
            "the model has 2 outputs, the card has 4 cuts between grades");
}

TEST(CardOrdinal, LogitsGoThroughTheirActivationFirst) {
  expect_near(probabilities_by(decision_of(Rule::argmax, true), {1, 2, 3}), {.0900305732, .2447284711, .6652409558});
  EXPECT_EQ(grade_of(decision_of(Rule::ordinal, true), {2, .1F, -.1F, -5}), 2) << "a logit of 0 is 0.5";
  const Outputs logits{2, 1, .5F, -700};
  double product = 1;
  std::vector<double> levels;
  for (const float logit : logits) levels.push_back(product *= 1 / (1 + std::exp(-static_cast<double>(logit))));
  expect_near(probabilities_by(decision_of(Rule::corn, true), logits),
              {1 - levels[0], levels[0] - levels[1], levels[1] - levels[2], levels[2] - levels[3], levels[3]});
  for (float x = -30; x < 30; x += 0.37F) {
    const double want = 1 / (1 + std::exp(-static_cast<double>(x)));
    EXPECT_NEAR(probabilities_by(decision_of(Rule::ordinal, true), {x})[1] / want, 1, 1e-14) << x;
  }
  EXPECT_EQ(
      card_error_of([] {
        grade_of(decision_of(Rule::ordinal), {.9F, 3.5F});
      }),
      "output 1 is 3.5, no probability; \"outputs\": \"logits\" in the card's decision if the network ends before "
      "its activation");
}

TEST(CardOrdinal, ClassesInOrderOfTheAlphabet) {
  const std::vector<int> grades{1, 2, 0, 4, 3};
  EXPECT_EQ(grade_of(decision_of(Rule::argmax, false, grades), {.1F, .1F, .1F, .6F, .1F}), 4);
  expect_near(probabilities_by(decision_of(Rule::argmax, false, grades), {.1F, .2F, .3F, .35F, .05F}),
              {.3, .1, .2, .05, .35});
  EXPECT_EQ(grade_of(decision_of(Rule::expected, false, grades), {0, 0, .6F, .4F, 0}), 2);
  Decision rule = decision_of(Rule::thresholds, false, grades);
  rule.thresholds = {.5, .5, 0, .2, .5};
  EXPECT_EQ(grade_of(rule, {.3F, .1F, .3F, .25F, .05F}), 4);
  for (int grade = 0; grade < 5; ++grade) {
    EXPECT_EQ(grades[static_cast<std::size_t>(deciding_output(rule, grade))], grade);
  }
  EXPECT_EQ(deciding_output(decision_of(Rule::corn), 3), 2);
  EXPECT_EQ(deciding_output(decision_of(Rule::corn), 0), 0);
  EXPECT_EQ(deciding_output(decision_of(Rule::count), 3), 3);
}

std::string card_with(const std::string& decision, const std::string& more = "") {
  return R"({"fovea_card": 1, "preprocessing": {"preset": "resize-255"}, "decision": )" + decision + more + "}";
}

TEST(CardOrdinal, IsReadAndWrittenBack) {
  const CardFolder folder;
  for (const std::string decision :
       {R"({"rule":"count","threshold":0.4})", R"({"rule":"ordinal","threshold":0.5,"outputs":"logits"})",
        R"({"rule":"corn","threshold":0.5})", R"({"rule":"expected","cuts":[0.5,1.5]})",
        R"({"rule":"argmax","grades":[1,0]})"}) {
    const ModelCard card = card_from(card_with(decision, R"(, "referable": 1)"));
    EXPECT_NE(card.json.find("\"decision\":" + decision), std::string::npos) << card.json;
    EXPECT_EQ(read_card(folder.write("again.json", card.json)).json, card.json);
  }
  const ModelCard card = card_from(card_with(R"({"rule": "argmax"})", R"(, "referable": null)"));
  EXPECT_FALSE(card.referable.has_value());
  EXPECT_FALSE(read_card(folder.write("again.json", card.json)).referable.has_value());
}

TEST(CardOrdinal, WhatContradictsItselfIsRefused) {
  EXPECT_EQ(reading_error(card_with(R"({"rule": "count", "threshold": 1})")),
            "decision.threshold: must be above 0 and below 1, is 1");
  EXPECT_EQ(reading_error(card_with(R"({"rule": "corn", "grades": [1, 0]})")),
            "decision.grades: go with the rules argmax, thresholds and expected, which have one output a class");
  EXPECT_EQ(reading_error(card_with(R"({"rule": "argmax", "grades": [1, 1]})")),
            "decision.grades[1]: the grade 1 is there twice");
  EXPECT_EQ(reading_error(card_with(R"({"rule": "argmax", "grades": [0, 2]})")),
            "decision.grades[1]: must be from 0 to 1, is 2");
  EXPECT_EQ(reading_error(card_with(R"({"rule": "argmax", "grades": [0.5, 1]})")), "decision.grades: 0.5 is no grade");
  EXPECT_EQ(reading_error(card_with(R"({"rule": "argmax", "threshold": 0.5})")),
            "decision.threshold: is not known, there are grades, outputs, rule");
  EXPECT_EQ(reading_error(card_with(R"({"rule": "regression", "cuts": [1], "outputs": "logits"})")),
            "decision.outputs: of a regression are no logits");
  EXPECT_EQ(reading_error(card_with(R"({"rule": "ordinal", "outputs": "odds"})")),
            "decision.outputs: must be probabilities or logits");
}

TEST(CardOrdinal, OutputsAndReferableMustFit) {
  ModelCard card = preset_card("resize-raw");
  card.classes = {"a", "b", "c"};
  card.decision.rule = Rule::corn;
  check_outputs(card, 2);
  EXPECT_EQ(card_error_of([&] { check_outputs(card, 3); }),
            "the model has 3 outputs for 4 grades, the card names 3 classes");
  card.decision = decision_of(Rule::argmax, false, {2, 0, 1});
  EXPECT_EQ(grade_names(card), (std::vector<std::string>{"b", "c", "a"}));
  check_referable(card, 3);
  EXPECT_EQ(
      card_error_of([&] { check_referable(card, 2); }),
      "grades from 2 on are to be referable, and grades are 0 to 1; \"referable\" in the card or --referable says "
      "which are, or none");
  card.referable = 0;
  EXPECT_NE(card_error_of([&] { check_referable(card, 2); }), "no error");
  card.referable.reset();
  check_referable(card, 2);
}

TEST(CardOrdinal, OptionsOfACommandLine) {
  ModelCard card = preset_card("none");
  apply_overrides(card, {{"decision", "expected"}, {"cuts", "0.4,1.5"}, {"grades", "1,0,2"}, {"referable", "none"}});
  EXPECT_EQ(card.decision.rule, Rule::expected);
  EXPECT_EQ(card.decision.cuts, (std::vector<double>{0.4, 1.5}));
  EXPECT_EQ(card.decision.grades, (std::vector<int>{1, 0, 2}));
  EXPECT_FALSE(card.referable.has_value());
  card = preset_card("none");
  apply_overrides(card, {{"decision", "corn"}, {"threshold", "0.3"}, {"outputs", "logits"}});
  EXPECT_EQ(card.decision.rule, Rule::corn);
  EXPECT_EQ(card.decision.threshold, 0.3);
  EXPECT_TRUE(card.decision.logits);
  EXPECT_EQ(card_error_of([&] { apply_override(card, "outputs", "odds"); }),
            "--outputs odds: must be probabilities or logits");
}

TEST(CardPresets, ResizeToTheModelsSize) {
  for (const auto& [name, scale] : {std::pair{"resize-255", 1.0 / 255}, std::pair{"resize-raw", 1.0}}) {
    const ModelCard card = preset_card(name);
    ASSERT_EQ(card.preprocessing.steps.size(), 1U);
    EXPECT_EQ(std::get<Resize>(card.preprocessing.steps[0]).width, 0);
    EXPECT_EQ(card.preprocessing.normalise.scale, scale);
    EXPECT_FALSE(card.preprocessing.normalise.bgr);
  }
}

}  // namespace
}  // namespace fovea::card_test
