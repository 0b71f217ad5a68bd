// A card's self-test as JSON. Each float32 is written with the digits that give it back, and no more.
#include "grading/card/self_test_json.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "grading/card/card_text.h"
#include "grading/card/json_object.h"

namespace fovea {
namespace {

using nlohmann::json;
using Json = nlohmann::ordered_json;

constexpr double kMaxInputSide = 65536;
constexpr double kLargest = static_cast<double>(std::numeric_limits<float>::max());
constexpr std::size_t kMaxText = 500;
constexpr std::size_t kSha256Digits = 64;
constexpr double kMostTolerance = 0.01;  // of the largest output: a test that allows more proves little

void check_present(JsonObject& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) object.at(key);
}

// Numbers that are finite in float32.
std::vector<float> floats(JsonObject& object, const std::string& key) {
  const std::vector<double> numbers = *object.numbers(key);
  std::vector<float> list;
  for (const double number : numbers) {
    // The text of the largest float32 lies a little above it. Written so that NaN fails.
    if (!(std::abs(number) <= kLargest * (1 + 1e-8))) {
      object.fail(key + "[" + std::to_string(list.size()) + "]", number_text(number) + " is no float32");
    }
    list.push_back(static_cast<float>(std::clamp(number, -kLargest, kLargest)));
  }
  return list;
}

std::string line(JsonObject& object, const std::string& key) {
  const std::string text = *object.text(key);
  if (text.empty() || text.size() > kMaxText) {
    object.fail(key, "must have 1 to " + std::to_string(kMaxText) + " characters");
  }
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), is_control)) object.fail(key, "must not contain control characters");
  return text;
}

Shape read_shape(JsonObject& object, const std::string& key) {
  const std::vector<double> numbers = *object.numbers(key);
  if (numbers.empty() || numbers.size() > 3) object.fail(key, "must have 1 to 3 numbers");
  std::vector<std::int64_t> dims;
  for (const double number : numbers) {
    if (!(number >= 1 && number <= kMaxInputSide && std::trunc(number) == number)) {
      object.fail(key + "[" + std::to_string(dims.size()) + "]",
                  "must be a whole number from 1 to " + number_text(kMaxInputSide) + ", is " + number_text(number));
    }
    dims.push_back(static_cast<std::int64_t>(number));
  }
  return Shape(std::move(dims));
}

std::string read_sha256(JsonObject& object, const std::string& key) {
  const std::string text = *object.text(key);
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (text.size() != kSha256Digits || !std::all_of(text.begin(), text.end(), is_digit)) {
    object.fail(key, "must be " + std::to_string(kSha256Digits) + " lower-case hexadecimal digits");
  }
  return text;
}

// The double whose shortest text is that of the float.
double as_written(float value) { return *parse_number(float_text(value)); }

Json written(std::span<const float> values) {
  Json list = Json::array();
  for (const float value : values) list.push_back(as_written(value));
  return list;
}

}  // namespace

SelfTest read_self_test(const json& value) {
  JsonObject object(value, "self_test");
  check_present(object,
                {"seed", "input", "range", "outputs", "tolerance", "tolerance_reason", "computed_by", "model_sha256"});
  SelfTest test;
  test.seed = *object.integer("seed");
  if (test.seed < 0) object.fail("seed", "must not be negative");
  test.input = read_shape(object, "input");
  const std::vector<float> range = floats(object, "range");
  if (range.size() != 2 || !(range[0] < range[1])) object.fail("range", "must be two numbers, the smaller one first");
  test.range = {range[0], range[1]};
  test.outputs = floats(object, "outputs");
  if (test.outputs.empty() || test.outputs.size() > kMaxSelfTestOutputs) {
    object.fail("outputs", "must have 1 to " + std::to_string(kMaxSelfTestOutputs) + " numbers, has " +
                               std::to_string(test.outputs.size()));
  }
  double largest = 0;
  for (const float output : test.outputs) largest = std::max(largest, std::abs(static_cast<double>(output)));
  const double tolerance = *object.number("tolerance");
  if (!(tolerance <= kMostTolerance * largest && static_cast<float>(tolerance) > 0)) {
    object.fail("tolerance",
                "must be above 0 and at most a hundredth of the largest output, is " + number_text(tolerance));
  }
  test.tolerance = static_cast<float>(tolerance);
  test.tolerance_reason = line(object, "tolerance_reason");
  test.computed_by = line(object, "computed_by");
  test.model_sha256 = read_sha256(object, "model_sha256");
  object.check_all_known();
  return test;
}

Json self_test_json(const SelfTest& test) {
  return {{"seed", test.seed},
          {"input", test.input.dims()},
          {"range", written(test.range)},
          {"outputs", written(test.outputs)},
          {"tolerance", as_written(test.tolerance)},
          {"tolerance_reason", test.tolerance_reason},
          {"computed_by", test.computed_by},
          {"model_sha256", test.model_sha256}};
}

}  // namespace fovea
