// Options of a command line over a card.
#include "tests/grading/card_files.h"

namespace fovea::card_test {
namespace {

using Options = std::vector<std::pair<std::string, std::string>>;

ModelCard changed(const Options& options, const std::string& preset = "gaussian-700") {
  ModelCard card = preset_card(preset);
  apply_overrides(card, options);
  return card;
}

std::string error_of_options(const Options& options, const std::string& preset = "gaussian-700") {
  return card_error_of([&] { changed(options, preset); });
}

TEST(CardOverride, EveryOptionChangesItsValue) {
  EXPECT_TRUE(changed({{"channel-order", "bgr"}}).preprocessing.normalise.bgr);
  EXPECT_EQ(changed({{"scale", "1/127.5"}}).preprocessing.normalise.scale, 1 / 127.5);
  EXPECT_EQ(changed({{"scale", "0.5"}}).preprocessing.normalise.scale, 0.5);
  EXPECT_EQ(changed({{"mean", "1,-2,3.5"}}).preprocessing.normalise.mean, (std::array<double, 3>{1, -2, 3.5}));
  EXPECT_EQ(changed({{"std", "1,2,3"}}).preprocessing.normalise.std, (std::array<double, 3>{1, 2, 3}));
  EXPECT_EQ(std::get<GaussianContrast>(changed({{"sigma", "12"}}).preprocessing.steps[0]).sigma, 12);
  const ModelCard resized = changed({{"resize", "320x200"}, {"interpolation", "area"}});
  const auto& resize = std::get<Resize>(resized.preprocessing.steps[1]);
  EXPECT_EQ(resize.width, 320);
  EXPECT_EQ(resize.height, 200);
  EXPECT_EQ(resize.interpolation, Interpolation::area);
  EXPECT_EQ(changed({{"classes", "No DR,Mild"}}).classes, (std::vector<std::string>{"No DR", "Mild"}));
  EXPECT_EQ(changed({{"decision", "regression"}}).decision.rule, Decision::Rule::regression);
  const Decision thresholds = changed({{"thresholds", "0,0.25"}}).decision;
  EXPECT_EQ(thresholds.rule, Decision::Rule::thresholds);
  EXPECT_EQ(thresholds.thresholds, (std::vector<double>{0, 0.25}));
  const Decision cuts = changed({{"cuts", "0.4,1.6"}}).decision;
  EXPECT_EQ(cuts.rule, Decision::Rule::regression);
  EXPECT_EQ(cuts.cuts, (std::vector<double>{0.4, 1.6}));
  EXPECT_EQ(changed({{"referable", "3"}}).referable, 3);
}

TEST(CardOverride, PreprocessReplacesTheStepsAndKeepsTheRest) {
  const ModelCard card = changed({{"classes", "a,b"}, {"preprocess", "none"}});
  EXPECT_TRUE(card.preprocessing.steps.empty());
  EXPECT_EQ(card.preprocessing.preset, "none");
  EXPECT_EQ(card.classes.size(), 2U);
}

TEST(CardOverride, RecordFollows) {
  const ModelCard card = changed({{"sigma", "12"}, {"channel-order", "bgr"}});
  EXPECT_NE(card.json.find("\"sigma\":12.0"), std::string::npos);
  EXPECT_NE(card.json.find("\"channel_order\":\"bgr\""), std::string::npos);
  EXPECT_EQ(card.source, "preset gaussian-700 with --sigma 12 --channel-order bgr");
  EXPECT_EQ(changed({}).source, "preset gaussian-700");
}

TEST(CardOverride, AllAreListed) {
  std::string names;
  for (const CardOption& option : card_options()) {
    names += option.name + " ";
    EXPECT_FALSE(option.value.empty());
    EXPECT_FALSE(option.help.empty());
    EXPECT_EQ(error_of_options({{option.name, "%"}}).rfind("--" + option.name + " %: ", 0),
              option.name == "classes" ? std::string::npos : 0U);
  }
  EXPECT_EQ(names,
            "preprocess channel-order scale mean std sigma resize interpolation classes decision thresholds cuts "
            "threshold outputs grades referable ");
}

TEST(CardOverride, Errors) {
  EXPECT_EQ(error_of_options({{"colour", "x"}}), "--colour: no such option of a card");
  EXPECT_EQ(error_of_options({{"channel-order", "rbg"}}), "--channel-order rbg: must be rgb or bgr");
  EXPECT_EQ(error_of_options({{"scale", "1/x"}}), "--scale 1/x: must be a number or a quotient such as 1/255");
  EXPECT_EQ(error_of_options({{"mean", "1,2"}}), "--mean 1,2: must be three numbers with commas between them");
  EXPECT_EQ(error_of_options({{"mean", "1,2,"}}), "--mean 1,2,: '' is not a finite number");
  EXPECT_EQ(error_of_options({{"std", "1,nan,1"}}), "--std 1,nan,1: 'nan' is not a finite number");
  EXPECT_EQ(error_of_options({{"sigma", "-3"}}),
            "--sigma -3: preprocessing.steps[0].sigma: must be above 0 and at most 500, is -3");
  EXPECT_EQ(error_of_options({{"sigma", "3"}}, "none"), "--sigma 3: the card has no gaussian_contrast step");
  EXPECT_EQ(error_of_options({{"resize", "3x4"}}, "none"), "--resize 3x4: the card has no resize step");
  EXPECT_EQ(error_of_options({{"interpolation", "area"}}, "none"), "--interpolation area: the card has no resize step");
  EXPECT_EQ(error_of_options({{"resize", "3"}}), "--resize 3: must be WIDTHxHEIGHT");
  EXPECT_EQ(error_of_options({{"resize", "3x0"}}), "--resize 3x0: width and height must be at least 1");
  EXPECT_EQ(error_of_options({{"resize", "3x4.5"}}), "--resize 3x4.5: '4.5' is not a whole number");
  EXPECT_EQ(error_of_options({{"resize", "3x99999"}}),
            "--resize 3x99999: preprocessing.steps[1].height: must be from 1 to 16384, is 99999");
  EXPECT_EQ(error_of_options({{"decision", "thresholds"}}),
            "--decision thresholds: decision.thresholds: must have one number for each class");
  EXPECT_EQ(error_of_options({{"classes", "a,b,c"}, {"thresholds", "0,1"}}),
            "--classes a,b,c --thresholds 0,1: decision.thresholds: has 2 numbers for 3 classes");
  EXPECT_EQ(error_of_options({{"classes", "a,,c"}}), "--classes a,,c: classes[1]: must not be empty");
  EXPECT_EQ(error_of_options({{"referable", "99999999999"}}),
            "--referable 99999999999: '99999999999' is not a whole number");
}

TEST(CardOverride, TwoSuchStepsAreAmbiguous) {
  ModelCard card = card_from(R"({"fovea_card": 1, "preprocessing": {"preset": "none", "steps": [
    {"op": "resize", "interpolation": "area"}, {"op": "resize", "interpolation": "area"}]}})");
  EXPECT_EQ(card_error_of([&] { apply_override(card, "interpolation", "linear"); }),
            "--interpolation linear: the card has several such steps, change them in the card itself");
}

TEST(CardOverride, AFailedOneChangesNothing) {
  ModelCard card = preset_card("gaussian-700");
  const std::string before = card.json;
  EXPECT_NE(card_error_of([&] { apply_overrides(card, {{"sigma", "3"}, {"scale", "0"}}); }), "no error");
  EXPECT_EQ(card_to_json(card), before);
  EXPECT_EQ(card.json, before);
}

}  // namespace
}  // namespace fovea::card_test
