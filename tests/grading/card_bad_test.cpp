// Cards that must be refused, each with the key's path and the reason.
#include "tests/grading/card_files.h"

namespace fovea::card_test {
namespace {

std::string with(const std::string& members) {
  return R"({"fovea_card": 1, "preprocessing": {"preset": "gaussian-700"}, )" + members + "}";
}

std::string with_preprocessing(const std::string& members) {
  return R"({"fovea_card": 1, "preprocessing": {)" + members + "}}";
}

std::string with_step(const std::string& members) {
  return with_preprocessing(R"("preset": "none", "steps": [{"op": "crop_circle"}, {)" + members + "}]");
}

TEST(CardBad, Document) {
  EXPECT_EQ(reading_error("[]"), "must be an object, is an array");
  EXPECT_EQ(reading_error("{}"), "fovea_card: is missing");
  EXPECT_EQ(reading_error(R"({"fovea_card": 2, "preprocessing": {}})"), "fovea_card: format 2 is not known, 1 is");
  EXPECT_EQ(reading_error(R"({"fovea_card": "1"})"), "fovea_card: must be a number, is a string");
  EXPECT_EQ(reading_error(R"({"fovea_card": 1})"), "preprocessing: is missing");
  EXPECT_EQ(
      reading_error(with(R"("refereable": 2)")),
      "refereable: is not known, there are classes, decision, demo, fovea_card, origin, preprocessing, referable, "
      "self_test, version");
  EXPECT_EQ(reading_error(with(R"("demo": 1)")), "demo: must be true or false, is a number");
  EXPECT_EQ(reading_error(with(R"("version": null)")), "version: must be a string, is null");
  EXPECT_EQ(reading_error(with(R"("demo": false, "demo": true)")), "the key 'demo' is there twice in one object");
}

TEST(CardBad, Syntax) {
  for (const char* text : {"", "{", "{\"fovea_card\": 1,\n}", "{\"fovea_card\": 1} x", "{\"fovea_card\": NaN}",
                           "{\"fovea_card\": \"\xff\"}", "{\"fovea_card\": 1e999}", "\xef\xbb\xbf"}) {
    EXPECT_EQ(reading_error(text).rfind("not valid JSON: ", 0), 0U) << reading_error(text);
  }
  EXPECT_EQ(reading_error(std::string(500000, '[')).rfind("not valid JSON: ", 0), 0U);
  EXPECT_NE(reading_error(std::string(500000, '[') + std::string(500000, ']')), "no error");
  EXPECT_EQ(reading_error(std::string((1 << 20) + 1, ' ')), "larger than 1048576 bytes, not a card");
}

TEST(CardBad, Files) {
  const CardFolder folder;
  const std::string absent = folder.path("absent.json");
  EXPECT_EQ(card_error_of([&] { read_card(absent); }), absent + ": no such file");
  EXPECT_EQ(card_error_of([&] { read_card(folder.path("")); }), folder.path("") + ": not a regular file");
  EXPECT_EQ(card_error_of([&] { read_card("/dev/zero"); }), "/dev/zero: not a regular file");
}

TEST(CardBad, NothingAboutTheInputIsGuessed) {
  EXPECT_EQ(reading_error(with_preprocessing("")), "preprocessing.steps: is missing, and there is no preset");
  EXPECT_EQ(reading_error(with_preprocessing(R"("steps": [])")),
            "preprocessing.channel_order: is missing, and there is no preset");
  EXPECT_EQ(reading_error(with_preprocessing(R"("steps": [], "channel_order": "rgb")")),
            "preprocessing.scale: is missing, and there is no preset");
  EXPECT_EQ(reading_error(with_preprocessing(R"("steps": [], "channel_order": "rgb", "scale": 1)")), "no error");
}

TEST(CardBad, Preprocessing) {
  const auto error = [](const std::string& member) {
    return reading_error(with_preprocessing(R"("preset": "none", )" + member));
  };
  EXPECT_EQ(reading_error(with_preprocessing(R"("preset": "x")")).rfind("preprocessing.preset: unknown preset 'x'", 0),
            0U);
  EXPECT_EQ(error(R"("sigma": 3)"),
            "preprocessing.sigma: is not known, there are channel_order, mean, preset, scale, std, steps");
  EXPECT_EQ(error(R"("channel_order": "RGB")"), "preprocessing.channel_order: must be rgb or bgr");
  for (const char* scale : {"\"255\\u0000\"", "\"1/0\"", "\"1/\"", "\"x\"", "\" 1\"", "\"inf\"", "\"nan\"", "[1]"}) {
    EXPECT_EQ(error(std::string("\"scale\": ") + scale),
              "preprocessing.scale: must be a number or a quotient such as 1/255")
        << scale;
  }
  EXPECT_EQ(error(R"("scale": 0)"), "preprocessing.scale: must be between 1e-06 and 1e+06, is 0");
  EXPECT_EQ(error(R"("scale": 1e300)"), "preprocessing.scale: must be between 1e-06 and 1e+06, is 1e+300");
  EXPECT_EQ(error(R"("mean": [1, 2])"), "preprocessing.mean: must have 3 numbers, has 2");
  EXPECT_EQ(error(R"("mean": 1)"), "preprocessing.mean: must be a list of numbers, is a number");
  EXPECT_EQ(error(R"("mean": [1, "2", 3])"), "preprocessing.mean[1]: must be a number, is a string");
  EXPECT_EQ(error(R"("std": [1, 1, 0])"), "preprocessing.std[2]: must be from 1e-06 to 1e+06, is 0");
  EXPECT_EQ(error(R"("steps": {})"), "preprocessing.steps: must be a list");
  std::string many = R"("steps": [{"op": "crop_circle"})";
  for (int i = 0; i < 32; ++i) many += R"(, {"op": "crop_circle"})";
  EXPECT_EQ(error(many + "]"), "preprocessing.steps: more than 32 steps");
}

TEST(CardBad, Steps) {
  const auto error = [](const std::string& members) { return reading_error(with_step(members)); };
  const std::string step = "preprocessing.steps[1]";
  EXPECT_EQ(error(""), step + ".op: is missing");
  EXPECT_EQ(error(R"("op": "blur")"),
            step + ".op: 'blur' is not known, there are crop_grey, crop_circle, gaussian_contrast, resize");
  EXPECT_EQ(error(R"("op": "crop_circle", "radius": 3)"), step + ".radius: is not known, there are op");
  EXPECT_EQ(error(R"("op": "crop_grey")"), step + ".tolerance: is missing");
  EXPECT_EQ(error(R"("op": "crop_grey", "tolerance": 1.5)"), step + ".tolerance: must be a whole number, is 1.5");
  EXPECT_EQ(error(R"("op": "crop_grey", "tolerance": 256)"), step + ".tolerance: must be from 0 to 255, is 256");
  EXPECT_EQ(error(R"("op": "crop_grey", "tolerance": 1e12)"), step + ".tolerance: must be a whole number, is 1e+12");
  EXPECT_EQ(error(R"("op": "gaussian_contrast")"), step + ".sigma: is missing");
  EXPECT_EQ(error(R"("op": "gaussian_contrast", "sigma": 0)"), step + ".sigma: must be above 0 and at most 500, is 0");
  EXPECT_EQ(error(R"("op": "gaussian_contrast", "sigma": 500.5)"),
            step + ".sigma: must be above 0 and at most 500, is 500.5");
  EXPECT_EQ(error(R"("op": "gaussian_contrast", "sigma": 500)"), "no error");
  EXPECT_EQ(error(R"("op": "gaussian_contrast", "sigma": 5, "weight": 1e7)"),
            step + ".weight: must be from -1e+06 to 1e+06, is 1e+07");
  EXPECT_EQ(error(R"("op": "resize", "width": 5, "height": 5)"), step + ".interpolation: is missing");
  EXPECT_EQ(error(R"("op": "resize", "interpolation": "lanczos")"),
            step + ".interpolation: must be nearest, linear, cubic or area");
  EXPECT_EQ(error(R"("op": "resize", "interpolation": "area", "width": 5)"),
            step + ".height: must be from 1 to 16384, is 0");
  EXPECT_EQ(error(R"("op": "resize", "interpolation": "area", "width": 16385, "height": 1)"),
            step + ".width: must be from 1 to 16384, is 16385");
  EXPECT_EQ(error(R"("op": "resize", "interpolation": "area", "width": 5, "height": 0)").rfind(step + ".height: ", 0),
            0U);
  EXPECT_EQ(error(R"("op": "resize", "interpolation": "area", "width": 16384, "height": 1)"), "no error");
}

TEST(CardBad, Classes) {
  EXPECT_EQ(reading_error(with(R"("classes": "a")")), "classes: must be a list of strings, is a string");
  EXPECT_EQ(reading_error(with(R"("classes": ["a", 1])")), "classes[1]: must be a string, is a number");
  EXPECT_EQ(reading_error(with(R"("classes": ["a", ""])")), "classes[1]: must not be empty");
  EXPECT_EQ(reading_error(with(R"("classes": ["a", "b", "a"])")), "classes[2]: 'a' is there twice");
  EXPECT_EQ(reading_error(with(R"("classes": ["a\nb"])")), "classes[0]: must not contain control characters");
}

TEST(CardBad, Decision) {
  const auto error = [](const std::string& members) {
    return reading_error(with(R"("classes": ["a", "b", "c"], "decision": {)" + members + "}"));
  };
  EXPECT_EQ(error(""), "decision.rule: is missing");
  EXPECT_EQ(error(R"("rule": "max")"),
            "decision.rule: must be argmax, thresholds, regression, expected, count, ordinal or corn");
  EXPECT_EQ(error(R"("rule": "argmax", "cuts": [1])"), "decision.cuts: is not known, there are grades, outputs, rule");
  EXPECT_EQ(error(R"("rule": "thresholds")"), "decision.thresholds: is missing");
  EXPECT_EQ(error(R"("rule": "thresholds", "thresholds": [0, 0.5])"),
            "decision.thresholds: has 2 numbers for 3 classes");
  EXPECT_EQ(error(R"("rule": "thresholds", "thresholds": [0, 0.5, 1.5])"),
            "decision.thresholds[2]: must be from 0 to 1, is 1.5");
  EXPECT_EQ(
      error(R"("rule": "thresholds", "thresholds": [0.1, 0.5, 0.5])").rfind("decision.thresholds[0]: must be 0", 0),
      0U);
  EXPECT_EQ(error(R"("rule": "regression")"), "decision.cuts: is missing");
  EXPECT_EQ(error(R"("rule": "regression", "cuts": [0.5])"),
            "decision.cuts: 1 cuts make 2 grades, there are 3 classes");
  EXPECT_EQ(error(R"("rule": "regression", "cuts": [0.5, 0.5])"), "decision.cuts[1]: must be above the one before");
  EXPECT_EQ(error(R"("rule": "regression", "cuts": [0.5, 1.5])"), "no error");
  EXPECT_EQ(reading_error(with(R"("decision": {"rule": "thresholds", "thresholds": []})")),
            "decision.thresholds: must have one number for each class");
  EXPECT_EQ(reading_error(with(R"("referable": -1)")), "referable: must be from 0 to 10000, is -1");
}

}  // namespace
}  // namespace fovea::card_test
