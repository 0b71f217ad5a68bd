// Reads a card from JSON. Types and keys are checked here, values by check_card.
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>

#include <fovea/card.h>
#include <fovea/error.h>
#include "base/float_mode.h"
#include "base/read_file.h"
#include "grading/card/card_text.h"
#include "grading/card/json_object.h"
#include "grading/card/self_test_json.h"

namespace fovea {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxCardBytes = std::size_t{1} << 20;
constexpr int kFormat = 1;

std::string read_text(const std::string& path, std::size_t max_bytes) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) throw Error(path + ": no such file");
  if (!std::filesystem::is_regular_file(path, ignored)) throw Error(path + ": not a regular file");
  const std::uintmax_t size = std::filesystem::file_size(path, ignored);
  if (size > max_bytes) throw Error(path + ": larger than " + std::to_string(max_bytes) + " bytes, not a card");
  std::optional<std::string> text = read_start(path, static_cast<std::size_t>(size));
  if (!text || text->size() < size) throw Error(path + ": cannot be read");
  return std::move(*text);
}

constexpr const char* kCardKey = "\"fovea_card\"";

/// Looks for a card's key among those of the outermost object, without keeping anything of the document.
class CardKey final : public nlohmann::json_sax<json> {
 public:
  bool found = false, broken = false;

  bool null() override { return depth_ > 0; }
  bool boolean(bool) override { return depth_ > 0; }
  bool number_integer(number_integer_t) override { return depth_ > 0; }
  bool number_unsigned(number_unsigned_t) override { return depth_ > 0; }
  bool number_float(number_float_t, const string_t&) override { return depth_ > 0; }
  bool string(string_t&) override { return depth_ > 0; }
  bool binary(binary_t&) override { return depth_ > 0; }
  bool start_object(std::size_t) override { return ++depth_ > 0; }
  bool end_object() override { return --depth_ > 0; }
  bool start_array(std::size_t) override { return depth_++ > 0; }  // a list is no card
  bool end_array() override { return --depth_ > 0; }
  bool key(string_t& name) override {
    found = found || (depth_ == 1 && name == "fovea_card");
    return !found;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    broken = true;
    return false;
  }

 private:
  int depth_ = 0;
};

ImageStep read_step(const json& value, const std::string& path) {
  JsonObject object(value, path);
  const std::optional<std::string> op = object.text("op");
  if (!op) object.fail("op", "is missing");
  ImageStep step;
  if (*op == "crop_grey") {
    const std::optional<int> tolerance = object.integer("tolerance");
    if (!tolerance) object.fail("tolerance", "is missing");
    step = CropGrey{*tolerance};
  } else if (*op == "crop_circle") {
    step = CropCircle{};
  } else if (*op == "gaussian_contrast") {
    GaussianContrast contrast;
    const std::optional<double> sigma = object.number("sigma");
    if (!sigma) object.fail("sigma", "is missing");
    contrast.sigma = *sigma;
    contrast.weight = object.number("weight").value_or(contrast.weight);
    contrast.blur_weight = object.number("blur_weight").value_or(contrast.blur_weight);
    contrast.offset = object.number("offset").value_or(contrast.offset);
    step = contrast;
  } else if (*op == "resize") {
    Resize resize;
    // In the struct 0 x 0 stands for the model's size; in a card that is said by leaving both out.
    const std::optional<int> width = object.integer("width"), height = object.integer("height");
    if (width == 0) object.fail("width", "must not be 0; without width and height the model's input size is taken");
    if (height == 0) object.fail("height", "must not be 0; without width and height the model's input size is taken");
    resize.width = width.value_or(0);
    resize.height = height.value_or(0);
    const std::optional<std::string> name = object.text("interpolation");
    if (!name) object.fail("interpolation", "is missing");
    const std::optional<Interpolation> interpolation = parse_interpolation(*name);
    if (!interpolation) object.fail("interpolation", kInterpolationWords);
    resize.interpolation = *interpolation;
    step = resize;
  } else {
    object.fail("op", "'" + *op + "' is not known, there are crop_grey, crop_circle, gaussian_contrast, resize");
  }
  object.check_all_known();
  return step;
}

double read_scale(JsonObject& object, const json& value) {
  if (value.is_number()) return value.get<double>();
  const std::optional<double> scale = value.is_string() ? parse_scale(value.get<std::string>()) : std::nullopt;
  if (!scale) object.fail("scale", kScaleWords);
  return *scale;
}

void read_triple(JsonObject& object, const std::string& key, std::array<double, 3>& out) {
  const std::optional<std::vector<double>> list = object.numbers(key);
  if (!list) return;
  if (list->size() != 3) object.fail(key, "must have 3 numbers, has " + std::to_string(list->size()));
  std::copy(list->begin(), list->end(), out.begin());
}

Preprocessing read_preprocessing(const json& value) {
  JsonObject object(value, "preprocessing");
  Preprocessing result;
  if (const std::optional<std::string> preset = object.text("preset")) {
    try {
      result = preset_card(*preset).preprocessing;
    } catch (const Error& e) {
      object.fail("preset", e.what());
    }
  } else {
    // Nothing about a model's input is guessed.
    for (const char* key : {"steps", "channel_order", "scale"}) {
      if (!object.has(key)) object.fail(key, "is missing, and there is no preset");
    }
  }
  if (const json* steps = object.find("steps")) {
    if (!steps->is_array()) object.fail("steps", "must be a list");
    result.steps.clear();
    for (const json& step : *steps) {
      result.steps.push_back(read_step(step, object.path("steps[" + std::to_string(result.steps.size()) + "]")));
    }
  }
  if (const std::optional<std::string> order = object.text("channel_order")) {
    if (*order != "rgb" && *order != "bgr") object.fail("channel_order", kChannelOrderWords);
    result.normalise.bgr = *order == "bgr";
  }
  if (const json* scale = object.find("scale")) result.normalise.scale = read_scale(object, *scale);
  read_triple(object, "mean", result.normalise.mean);
  read_triple(object, "std", result.normalise.std);
  object.check_all_known();
  return result;
}

int whole_grade(const JsonObject& object, double value) {
  const int whole = value >= 0 && value < 1e6 ? static_cast<int>(value) : -1;
  if (static_cast<double>(whole) != value) object.fail("grades", number_text(value) + " is no grade");
  return whole;
}

Decision read_decision(const json& value) {
  JsonObject object(value, "decision");
  const std::optional<std::string> name = object.text("rule");
  if (!name) object.fail("rule", "is missing");
  const std::optional<Decision::Rule> rule = parse_rule(*name);
  if (!rule) object.fail("rule", kRuleWords);
  Decision decision;
  decision.rule = *rule;
  if (decision.rule == Decision::Rule::thresholds) {
    object.at("thresholds");
    decision.thresholds = *object.numbers("thresholds");
  } else if (decision.rule == Decision::Rule::regression) {
    object.at("cuts");
    decision.cuts = *object.numbers("cuts");
  } else if (decision.rule == Decision::Rule::expected) {
    decision.cuts = object.numbers("cuts").value_or(decision.cuts);
  } else if (!one_output_a_class(decision)) {
    decision.threshold = object.number("threshold").value_or(decision.threshold);
  }
  if (const std::optional<std::string> outputs = object.text("outputs")) {
    if (*outputs != "probabilities" && *outputs != "logits") object.fail("outputs", kOutputsWords);
    decision.logits = *outputs == "logits";
  }
  if (const std::optional<std::vector<double>> grades = object.numbers("grades")) {
    for (const double grade : *grades) decision.grades.push_back(whole_grade(object, grade));
  }
  object.check_all_known();
  return decision;
}

ModelCard card_of(const json& document) {
  JsonObject object(document, "");
  object.at("fovea_card");
  const int format = *object.integer("fovea_card");
  if (format != kFormat) object.fail("fovea_card", "format " + std::to_string(format) + " is not known, 1 is");
  ModelCard card;
  card.preprocessing = read_preprocessing(object.at("preprocessing"));
  card.classes = object.texts("classes").value_or(card.classes);
  if (const json* decision = object.find("decision")) card.decision = read_decision(*decision);
  if (const json* referable = object.find("referable"); referable != nullptr && referable->is_null()) {
    card.referable.reset();
  } else if (referable != nullptr) {
    card.referable = object.integer("referable");
  }
  card.demo = object.boolean("demo").value_or(card.demo);
  card.version = object.text("version").value_or("");
  card.origin = object.text("origin").value_or("");
  if (const json* test = object.find("self_test")) card.self_test = read_self_test(*test);
  object.check_all_known();
  return card;
}

}  // namespace

ModelCard read_card(const std::string& path) { return parse_card(read_text(path, kMaxCardBytes), path); }

ModelCard parse_card(std::string_view text, const std::string& name) {
  const FloatMode mode(FloatMode::Tiny::kept);
  if (text.size() > kMaxCardBytes)
    throw Error(name + ": larger than " + std::to_string(kMaxCardBytes) + " bytes, not a card");
  try {
    ModelCard card = card_of(parse_json(std::string(text)));
    card.source = name;
    if (card.self_test) card.self_test->source = name;
    check_card(card);
    card.json = card_to_json(card);
    return card;
  } catch (const Error& e) {
    throw Error(name + ": " + e.what());
  }
}

std::string card_with_self_test(const std::string& path, const SelfTest& test) {
  const FloatMode mode(FloatMode::Tiny::kept);
  read_card(path);  // says what is wrong with it
  auto document = nlohmann::ordered_json::parse(read_text(path, kMaxCardBytes));
  document["self_test"] = self_test_json(test);
  std::string text = document.dump(2) + "\n";
  if (text.size() > kMaxCardBytes) throw Error(path + ": has no room for a self-test of this many outputs");
  return text;
}

std::optional<std::string> card_beside(const std::string& model_path) {
  const std::string path = std::filesystem::path(model_path).replace_extension(".json").string();
  std::error_code ignored;
  if (path == model_path || !std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  // What follows the size of a card need not be looked at: Keras' architecture files are larger.
  const std::string text = read_start(path, kMaxCardBytes).value_or("");
  // A card with a slip in its JSON, or that is too large, is still a card: reading it tells the user what is wrong.
  CardKey key;
  json::sax_parse(text, &key);
  const bool is_card = key.found || (key.broken && text.find(kCardKey) != std::string::npos);
  return is_card ? std::optional(path) : std::nullopt;
}

}  // namespace fovea
