// Cards from files: what a full one means, what presets hold, what is written back, and where a card is looked for.
#include "tests/grading/card_files.h"

namespace fovea::card_test {
namespace {

const char* const kFull = R"({"fovea_card": 1,
  "preprocessing": {"steps": [{"op": "crop_grey", "tolerance": 9}, {"op": "crop_circle"},
      {"op": "gaussian_contrast", "sigma": 12.5, "weight": 3, "blur_weight": -2, "offset": 100},
      {"op": "resize", "width": 640, "height": 480, "interpolation": "area"},
      {"op": "resize", "interpolation": "nearest"}],
    "channel_order": "bgr", "scale": "1/127.5", "mean": [1, 2, 3], "std": [0.5, 1, 2]},
  "classes": ["No DR", "Mild", "Sévère"],
  "decision": {"rule": "thresholds", "thresholds": [0, 0.3, 0.25]},
  "referable": 1, "demo": true, "version": "2026-01", "origin": "somewhere"})";

// A text in memory is what the file is, by whatever name; bounds and errors are the same.
TEST(CardRead, FromText) {
  ModelCard card = parse_card(kFull, "a card in memory");
  EXPECT_EQ(card.source, "a card in memory");
  EXPECT_EQ(card.json, card_from(kFull).json);
  EXPECT_EQ(card_error_of([] { parse_card("{\"fovea_card\": 2}", "mine"); }).rfind("mine: ", 0), 0U);
  EXPECT_EQ(card_error_of([] { parse_card(std::string_view(), "mine"); }).rfind("mine: ", 0), 0U);
  EXPECT_NE(card_error_of([] { parse_card(std::string(2 << 20, ' '), "mine"); }).find("larger than"),
            std::string::npos);
}

TEST(CardRead, Full) {
  const ModelCard card = card_from(kFull);
  ASSERT_EQ(card.preprocessing.steps.size(), 5U);
  EXPECT_EQ(std::get<CropGrey>(card.preprocessing.steps[0]).tolerance, 9);
  EXPECT_TRUE(std::holds_alternative<CropCircle>(card.preprocessing.steps[1]));
  const auto& contrast = std::get<GaussianContrast>(card.preprocessing.steps[2]);
  EXPECT_EQ(contrast.sigma, 12.5);
  EXPECT_EQ(contrast.weight, 3);
  EXPECT_EQ(contrast.blur_weight, -2);
  EXPECT_EQ(contrast.offset, 100);
  const auto& resize = std::get<Resize>(card.preprocessing.steps[3]);
  EXPECT_EQ(resize.width, 640);
  EXPECT_EQ(resize.height, 480);
  EXPECT_EQ(resize.interpolation, Interpolation::area);
  const auto& to_model = std::get<Resize>(card.preprocessing.steps[4]);
  EXPECT_EQ(to_model.width, 0);
  EXPECT_EQ(to_model.height, 0);
  EXPECT_EQ(to_model.interpolation, Interpolation::nearest);
  const Normalise& normalise = card.preprocessing.normalise;
  EXPECT_TRUE(normalise.bgr);
  EXPECT_EQ(normalise.scale, 1 / 127.5);
  EXPECT_EQ(normalise.mean, (std::array<double, 3>{1, 2, 3}));
  EXPECT_EQ(normalise.std, (std::array<double, 3>{0.5, 1, 2}));
  EXPECT_EQ(card.preprocessing.preset, "");
  EXPECT_EQ(card.classes, (std::vector<std::string>{"No DR", "Mild", "Sévère"}));
  EXPECT_EQ(card.decision.rule, Decision::Rule::thresholds);
  EXPECT_EQ(card.decision.thresholds, (std::vector<double>{0, 0.3, 0.25}));
  EXPECT_EQ(card.referable, 1);
  EXPECT_TRUE(card.demo);
  EXPECT_EQ(card.version, "2026-01");
  EXPECT_EQ(card.origin, "somewhere");
}

TEST(CardRead, Smallest) {
  const ModelCard card = card_from(R"({"fovea_card": 1, "preprocessing": {"preset": "none"}})");
  EXPECT_TRUE(card.classes.empty());
  EXPECT_EQ(card.decision.rule, Decision::Rule::argmax);
  EXPECT_EQ(card.referable, 2);
  EXPECT_FALSE(card.demo);
}

TEST(CardRead, SourceIsTheFile) {
  const CardFolder folder;
  const std::string path = folder.write("a.json", kFull);
  EXPECT_EQ(read_card(path).source, path);
}

TEST(CardRead, PresetWithOneKeyOverridden) {
  const ModelCard card =
      card_from(R"({"fovea_card": 1, "preprocessing": {"preset": "gaussian-700", "channel_order": "bgr"}})");
  EXPECT_TRUE(card.preprocessing.normalise.bgr);
  EXPECT_EQ(card.preprocessing.normalise.scale, 1.0 / 255);
  EXPECT_EQ(card.preprocessing.steps.size(), 2U);
  EXPECT_EQ(card.preprocessing.preset, "gaussian-700");
  const ModelCard steps =
      card_from(R"({"fovea_card": 1, "preprocessing": {"preset": "gaussian-700", "steps": [{"op": "crop_circle"}]}})");
  EXPECT_EQ(steps.preprocessing.steps.size(), 1U);
}

TEST(CardRead, Regression) {
  const ModelCard card = card_from(R"({"fovea_card": 1, "preprocessing": {"preset": "none"},
    "decision": {"rule": "regression", "cuts": [-0.5, 1.5]}})");
  EXPECT_EQ(card.decision.rule, Decision::Rule::regression);
  EXPECT_EQ(card.decision.cuts, (std::vector<double>{-0.5, 1.5}));
}

TEST(CardRead, WrittenCardReadsBackTheSame) {
  std::vector<ModelCard> cards = {card_from(kFull)};
  for (const std::string& name : preset_names()) cards.push_back(preset_card(name));
  for (const ModelCard& card : cards) {
    EXPECT_EQ(card.json.find('\n'), std::string::npos);
    EXPECT_EQ(card_from(card.json).json, card.json);
  }
  EXPECT_NE(cards[0].json.find("Sévère"), std::string::npos);
  EXPECT_NE(cards[0].json.find("\"sigma\":12.5"), std::string::npos);
}

TEST(CardPresets, Values) {
  EXPECT_EQ(preset_names(),
            (std::vector<std::string>{"gaussian-700", "ben-graham-320", "imagenet-caffe", "imagenet-tf",
                                      "imagenet-torch", "resize-255", "resize-raw", "rescale-700", "none"}));
  const auto json_of = [](const char* name) { return preset_card(name).json; };
  const std::string rest = R"("decision":{"rule":"argmax"},"referable":2,"demo":false})";
  EXPECT_EQ(json_of("gaussian-700"),
            R"({"fovea_card":1,"preprocessing":{"preset":"gaussian-700","steps":[)"
            R"({"op":"gaussian_contrast","sigma":40.0,"weight":4.0,"blur_weight":-4.0,"offset":128.0},)"
            R"({"op":"resize","width":700,"height":700,"interpolation":"cubic"}],"channel_order":"rgb",)"
            R"("scale":0.00392156862745098,"mean":[0.0,0.0,0.0],"std":[1.0,1.0,1.0]},)" +
                rest);
  EXPECT_EQ(json_of("ben-graham-320"),
            R"({"fovea_card":1,"preprocessing":{"preset":"ben-graham-320","steps":[{"op":"crop_grey","tolerance":7},)"
            R"({"op":"resize","width":320,"height":320,"interpolation":"linear"},)"
            R"({"op":"gaussian_contrast","sigma":10.0,"weight":4.0,"blur_weight":-4.0,"offset":128.0}],)"
            R"("channel_order":"rgb","scale":0.00392156862745098,"mean":[0.0,0.0,0.0],"std":[1.0,1.0,1.0]},)" +
                rest);
  EXPECT_EQ(json_of("imagenet-caffe"),
            R"({"fovea_card":1,"preprocessing":{"preset":"imagenet-caffe","steps":[{"op":"resize",)"
            R"("interpolation":"linear"}],"channel_order":"bgr","scale":1.0,"mean":[103.939,116.779,123.68],)"
            R"("std":[1.0,1.0,1.0]},)" +
                rest);
  const Normalise tf = preset_card("imagenet-tf").preprocessing.normalise;
  EXPECT_FALSE(tf.bgr);
  EXPECT_EQ(0 * tf.scale - tf.mean[0], -1);
  EXPECT_EQ(255 * tf.scale - tf.mean[2], 1);
  const Normalise torch = preset_card("imagenet-torch").preprocessing.normalise;
  EXPECT_EQ(torch.mean, (std::array<double, 3>{0.485, 0.456, 0.406}));
  EXPECT_EQ(torch.std, (std::array<double, 3>{0.229, 0.224, 0.225}));
  EXPECT_TRUE(preset_card("rescale-700").preprocessing.steps.empty());
  EXPECT_EQ(preset_card("rescale-700").preprocessing.normalise.scale, 1.0 / 255);
  EXPECT_TRUE(preset_card("none").preprocessing.steps.empty());
  EXPECT_EQ(preset_card("none").preprocessing.normalise.scale, 1);
  EXPECT_EQ(preset_card("none").source, "preset none");
}

TEST(CardPresets, UnknownNameListsThem) {
  EXPECT_EQ(card_error_of([] { preset_card("gauss"); }),
            "unknown preset 'gauss', there are gaussian-700, ben-graham-320, imagenet-caffe, imagenet-tf, "
            "imagenet-torch, resize-255, resize-raw, rescale-700, none");
}

TEST(CardBeside, TakesOnlyACard) {
  const CardFolder folder;
  const std::string model = folder.path("eye.v2.h5"), card = folder.path("eye.v2.json");
  EXPECT_FALSE(card_beside(model)) << "no file";
  folder.write("eye.v2.json", R"({"class_name": "Functional", "config": {"name": "fovea_card"}})");
  EXPECT_FALSE(card_beside(model)) << "a Keras architecture";
  folder.write("eye.v2.json", R"(["fovea_card"])");
  EXPECT_FALSE(card_beside(model)) << "a list";
  folder.write("eye.v2.json", "not JSON");
  EXPECT_FALSE(card_beside(model)) << "no JSON";
  folder.write("eye.v2.json", R"({"fovea_card": 1, "preprocessing": {"preset": "none"}})");
  EXPECT_EQ(card_beside(model), card);
  folder.write("eye.v2.json", R"({"fovea_card": 1, "preprocessing": )");
  EXPECT_EQ(card_beside(model), card) << "a broken card: reading it says what is wrong";
  EXPECT_FALSE(card_beside(card)) << "a card is no model";
  folder.write("eye.v2.json", R"({"config": {"fovea_card": 1}})");
  EXPECT_FALSE(card_beside(model)) << "not of the outermost object";
  for (const char* scalar : {"1", "-1", "1.5", "true", "null", "\"fovea_card\""}) {
    folder.write("eye.v2.json", scalar);
    EXPECT_FALSE(card_beside(model)) << scalar;
  }
  folder.write("eye.v2.json", R"({"a": [{"b": null}], "fovea_card": 1, "c": )" + std::string(100'000, '[') + "}");
  EXPECT_EQ(card_beside(model), card);
  folder.write("eye.v2.json", std::string(1'000'000, '['));
  EXPECT_FALSE(card_beside(model)) << "deep";
  // An architecture of any size costs what a card's size does.
  folder.write("eye.v2.json", R"({"a": ")" + std::string(std::size_t{2} << 20, 'x') + R"(", "fovea_card": 1})");
  EXPECT_FALSE(card_beside(model)) << "behind what a card can be";
  folder.write("eye.v2.json", R"({"fovea_card": 1, "a": ")" + std::string(std::size_t{2} << 20, 'x') + "\"}");
  EXPECT_EQ(card_beside(model), card) << "too large: reading it says so";
}

}  // namespace
}  // namespace fovea::card_test
