// Self-tests in cards: the picture of a seed, reading and writing, cards that must be refused, and a network's answer.
#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include <fovea/keras.h>
#include <fovea/version.h>
#include "tests/grading/card_files.h"

namespace fovea::card_test {
namespace {

const std::string kDemo = FOVEA_SOURCE_DIR "/weights/demo.h5";

TEST(SelfTestInput, IsTheSameAsInPython) {
  std::ifstream file(FOVEA_SOURCE_DIR "/tests/grading/self_test_input.tsv");
  std::string line;
  std::getline(file, line);
  int lines = 0;
  while (std::getline(file, line)) {
    ++lines;
    std::istringstream words(line);
    int seed = 0;
    std::string shape_text, bits;
    std::array<float, 2> range{};
    std::size_t index = 0;
    words >> seed >> shape_text >> range[0] >> range[1] >> index >> bits;
    std::vector<std::int64_t> dims;
    std::istringstream numbers(shape_text);
    for (std::string number; std::getline(numbers, number, 'x');) dims.push_back(std::stoll(number));
    const Shape shape(dims);
    std::vector<float> input(static_cast<std::size_t>(shape.elements()), -1e9F);
    fill_self_test_input(seed, shape, range, input);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(input.at(index)), std::stoul(bits, nullptr, 16)) << line;
    for (const float value : input) ASSERT_TRUE(value >= range[0] && value <= range[1]) << line << ": " << value;
  }
  EXPECT_GE(lines, 25);
}

TEST(SelfTestInput, RangeIsThatOfTheNormalisation) {
  EXPECT_EQ(input_range(preset_card("gaussian-700").preprocessing.normalise), (std::array<float, 2>{0, 1}));
  EXPECT_EQ(input_range(preset_card("imagenet-tf").preprocessing.normalise), (std::array<float, 2>{-1, 1}));
  const std::array<float, 2> caffe = input_range(preset_card("imagenet-caffe").preprocessing.normalise);
  EXPECT_EQ(caffe, (std::array<float, 2>{-123.68F, 151.061F}));
  Normalise inverted;
  inverted.scale = -1;
  EXPECT_EQ(input_range(inverted), (std::array<float, 2>{-255, 0}));
}

const std::string kTest =
    R"("seed": 3, "input": [8, 9, 3], "range": [-1, 1], "outputs": [0.25, -0.75], "tolerance": 1e-5,
       "tolerance_reason": "rounding", "computed_by": "keras 3.0", "model_sha256": ")" +
    std::string(64, 'a') + '"';

std::string card_that_tests(const std::string& test) {
  return R"({"fovea_card": 1, "preprocessing": {"preset": "none", "scale": "1/255"}, "self_test": {)" + test + "}}";
}

// The card above with `from` replaced.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = kTest;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return card_that_tests(text.replace(at, from.size(), to));
}

TEST(SelfTestCard, IsRead) {
  const SelfTest test = *card_from(card_that_tests(kTest)).self_test;
  EXPECT_EQ(test.seed, 3);
  EXPECT_EQ(test.input, (Shape{8, 9, 3}));
  EXPECT_EQ(test.range, (std::array<float, 2>{-1, 1}));
  EXPECT_EQ(test.outputs, (std::vector<float>{0.25F, -0.75F}));
  EXPECT_EQ(test.tolerance, 1e-5F);
  EXPECT_EQ(test.tolerance_reason, "rounding");
  EXPECT_EQ(test.computed_by, "keras 3.0");
  EXPECT_EQ(test.model_sha256, std::string(64, 'a'));
  EXPECT_FALSE(card_from(R"({"fovea_card": 1, "preprocessing": {"preset": "none"}})").self_test);
}

TEST(SelfTestCard, IsWrittenAndReadBackToTheBit) {
  SelfTest test = *card_from(card_that_tests(kTest)).self_test;
  test.outputs = {0.1F, 1.0F / 3, -1.17549435e-38F, 3.4028235e38F, 5.9604645e-08F};
  test.range = {-123.68F, 151.061F};
  test.tolerance = 1.0F / 7;
  const CardFolder folder;
  const std::string path = folder.write(
      "eye.json", R"({"fovea_card": 1, "origin": "Zürich", "preprocessing": {"preset": "none", "scale": "1/255"}})");
  const std::string text = card_with_self_test(path, test);
  EXPECT_NE(text.find(R"("scale": "1/255")"), std::string::npos) << text;  // as its author wrote it
  EXPECT_LT(text.find("origin"), text.find("preprocessing"));
  EXPECT_NE(text.find("0.33333334"), std::string::npos) << text;
  const ModelCard card = read_card(folder.write("eye.json", text));
  ASSERT_TRUE(card.self_test);
  EXPECT_EQ(card.self_test->outputs, test.outputs);
  EXPECT_EQ(card.self_test->range, test.range);
  EXPECT_EQ(card.self_test->tolerance, test.tolerance);
  EXPECT_EQ(card.self_test->source, path);
  EXPECT_EQ(card.origin, "Zürich");
  EXPECT_EQ(card_with_self_test(path, *card.self_test), text);
  EXPECT_EQ(card.json.find("self_test"), std::string::npos);  // a run's identity does not depend on it
}

TEST(SelfTestCard, BadOnesAreRefused) {
  EXPECT_EQ(reading_error(card_that_tests("")), "self_test.seed: is missing");
  EXPECT_EQ(reading_error(changed("\"seed\": 3", "\"seed\": -1")), "self_test.seed: must not be negative");
  EXPECT_EQ(reading_error(changed("\"seed\": 3", "\"seed\": 1e300")),
            "self_test.seed: must be a whole number, is 1e+300");
  EXPECT_EQ(reading_error(changed("[8, 9, 3]", "[]")), "self_test.input: must have 1 to 3 numbers");
  EXPECT_EQ(reading_error(changed("[8, 9, 3]", "[8, 9e9, 3]")),
            "self_test.input[1]: must be a whole number from 1 to 65536, is 9e+09");
  EXPECT_EQ(reading_error(changed("[8, 9, 3]", "[8, 0, 3]")),
            "self_test.input[1]: must be a whole number from 1 to 65536, is 0");
  for (const char* range : {"[1, -1]", "[0]", "[0, 0]", "[0, 1, 2]"}) {
    EXPECT_EQ(reading_error(changed("[-1, 1]", range)), "self_test.range: must be two numbers, the smaller one first");
  }
  EXPECT_EQ(reading_error(changed("0.25, -0.75", "")), "self_test.outputs: must have 1 to 32768 numbers, has 0");
  EXPECT_EQ(reading_error(changed("0.25, -0.75", "0.25, 1e39")), "self_test.outputs[1]: 1e+39 is no float32");
  EXPECT_EQ(reading_error(changed("0.25, -0.75", "0.25, null")), "self_test.outputs[1]: must be a number, is null");
  EXPECT_EQ(reading_error(changed("0.25, -0.75", "0.25, NaN")).rfind("not valid JSON: ", 0), 0U);
  std::string many = "1";
  for (int i = 0; i < 32768; ++i) many += ",1";
  EXPECT_EQ(reading_error(changed("0.25, -0.75", many)), "self_test.outputs: must have 1 to 32768 numbers, has 32769");
  for (const char* tolerance : {"0", "-1", "0.1", "1e300"}) {
    const std::string error = reading_error(changed("1e-5", tolerance));
    EXPECT_EQ(error.rfind("self_test.tolerance: must be above 0 and at most a hundredth of the largest output", 0), 0U)
        << error;
  }
  EXPECT_EQ(reading_error(changed("keras 3.0", "")), "self_test.computed_by: must have 1 to 500 characters");
  EXPECT_EQ(reading_error(changed("keras 3.0", "a\\nb")), "self_test.computed_by: must not contain control characters");
  EXPECT_EQ(reading_error(changed("aaaa", "AAAA")), "self_test.model_sha256: must be 64 lower-case hexadecimal digits");
  EXPECT_EQ(reading_error(card_that_tests(kTest + ", \"sed\": 1")).rfind("self_test.sed: is not known, there are ", 0),
            0U);
}

class SelfTestOfTheDemo : public ::testing::Test {
 protected:
  std::string error() const {
    return card_error_of([&] { check_self_test(test_, model_); });
  }
  const std::shared_ptr<const Model> model_ = load_model(kDemo);
  SelfTest test_ = *read_card(FOVEA_SOURCE_DIR "/weights/demo.json").self_test;
};

TEST_F(SelfTestOfTheDemo, KerasAnswerIsFoveasOnEveryInstructionSet) {
  EXPECT_EQ(test_.computed_by.rfind("keras ", 0), 0U);
  for (const std::string& isa : available_isas()) {
    for (const Arithmetic arithmetic : {Arithmetic::fast, Arithmetic::direct}) {
      const auto model = load_model(kDemo, {.isa = isa, .arithmetic = arithmetic});
      EXPECT_LE(check_self_test(test_, model, 2), static_cast<double>(test_.tolerance)) << isa;
    }
  }
}

TEST_F(SelfTestOfTheDemo, SomeToleranceMoreIsNoticed) {
  const float right = test_.outputs[2];
  test_.outputs[2] = right + 4 * test_.tolerance;
  EXPECT_NE(error().find("weights/demo.json: self-test: output 2 is "), std::string::npos) << error();
  EXPECT_NE(error().find(", expected "), std::string::npos) << error();
  EXPECT_NE(error().find(" from keras "), std::string::npos) << error();
  EXPECT_EQ(error().find("is not the file"), std::string::npos) << error();
  test_.model_sha256 = std::string(64, '0');
  EXPECT_NE(error().find("demo.h5 is not the file that the test was made with"), std::string::npos) << error();
  test_.outputs[2] = right;  // another file with the same network answers the same
  EXPECT_EQ(error(), "no error");
}

TEST_F(SelfTestOfTheDemo, AnotherNetworksTestIsRefused) {
  SelfTest test = test_;
  test_.outputs.pop_back();
  EXPECT_NE(error().find("self-test: has 4 outputs, the network has 5"), std::string::npos) << error();
  test_ = test;
  test_.input = Shape{65536, 65536, 3};
  EXPECT_NE(error().find("self-test: is for an input of 65536x65536x3, the network takes 256x256x3"), std::string::npos)
      << error();
}

TEST_F(SelfTestOfTheDemo, NetworksOfSeveralOutputsAreRefused) {
  ModelDesc desc = load_keras(kDemo);
  desc.outputs.push_back(desc.inputs[0]);
  const auto model = Model::create(std::move(desc));
  const std::string reason = "self-test: only for networks of one input and one output";
  EXPECT_EQ(card_error_of([&] { check_self_test(test_, model); }), test_.source + ": " + reason);
  EXPECT_EQ(card_error_of([&] { make_self_test(model, test_.range); }), reason);
}

TEST_F(SelfTestOfTheDemo, FoveasOwnAnswerIsWhatTheCheckFinds) {
  SelfTest made = make_self_test(model_, test_.range);
  EXPECT_EQ(made.seed, test_.seed);
  EXPECT_EQ(made.computed_by, std::string("fovea ") + version());
  EXPECT_EQ(made.model_sha256, test_.model_sha256);
  EXPECT_EQ(check_self_test(made, model_), 0);
}

}  // namespace
}  // namespace fovea::card_test
