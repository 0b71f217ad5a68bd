// Single options of a command line over a card. A new option is one setter and one line of the list below.
#include <array>
#include <optional>
#include <utility>

#include <fovea/card.h>
#include <fovea/error.h>
#include "base/float_mode.h"
#include "grading/card/card_text.h"

namespace fovea {
namespace {

using Value = const std::string&;

// Setters throw Error with the bare reason; ranges are left to check_card.

double number_of(Value text) {
  const std::optional<double> value = parse_number(text);
  if (!value) throw Error("'" + text + "' is not a finite number");
  return *value;
}

int whole_number_of(Value text) {
  const double value = number_of(text);
  const int whole = value > -1e6 && value < 1e6 ? static_cast<int>(value) : 0;
  if (static_cast<double>(whole) != value) throw Error("'" + text + "' is not a whole number");
  return whole;
}

std::vector<double> numbers_of(Value text) {
  std::vector<double> list;
  for (const std::string& part : split(text, ',')) list.push_back(number_of(part));
  return list;
}

std::array<double, 3> triple_of(Value text) {
  const std::vector<double> list = numbers_of(text);
  if (list.size() != 3) throw Error("must be three numbers with commas between them");
  return {list[0], list[1], list[2]};
}

/// The card's step of this kind, nullptr if it has none. Of two it would be a guess which one is meant.
template <typename Step>
Step* only_step(ModelCard& card) {
  Step* found = nullptr;
  for (ImageStep& step : card.preprocessing.steps) {
    Step* candidate = std::get_if<Step>(&step);
    if (candidate == nullptr) continue;
    if (found != nullptr) throw Error("the card has several such steps, change them in the card itself");
    found = candidate;
  }
  return found;
}

void set_preset(ModelCard& card, Value value) { card.preprocessing = preset_card(value).preprocessing; }

void set_channel_order(ModelCard& card, Value value) {
  if (value != "rgb" && value != "bgr") throw Error(kChannelOrderWords);
  card.preprocessing.normalise.bgr = value == "bgr";
}

void set_scale(ModelCard& card, Value value) {
  const std::optional<double> scale = parse_scale(value);
  if (!scale) throw Error(kScaleWords);
  card.preprocessing.normalise.scale = *scale;
}

void set_mean(ModelCard& card, Value value) { card.preprocessing.normalise.mean = triple_of(value); }

void set_std(ModelCard& card, Value value) { card.preprocessing.normalise.std = triple_of(value); }

void set_sigma(ModelCard& card, Value value) {
  auto* step = only_step<GaussianContrast>(card);
  if (step == nullptr) throw Error("the card has no gaussian_contrast step");
  step->sigma = number_of(value);
}

void set_resize(ModelCard& card, Value value) {
  const std::vector<std::string> sides = split(value, 'x');
  if (sides.size() != 2) throw Error("must be WIDTHxHEIGHT");
  auto* step = only_step<Resize>(card);
  if (step == nullptr) throw Error("the card has no resize step");
  step->width = whole_number_of(sides[0]);
  step->height = whole_number_of(sides[1]);
  if (step->width <= 0 || step->height <= 0) throw Error("width and height must be at least 1");
}

void set_interpolation(ModelCard& card, Value value) {
  const std::optional<Interpolation> interpolation = parse_interpolation(value);
  if (!interpolation) throw Error(kInterpolationWords);
  auto* step = only_step<Resize>(card);
  if (step == nullptr) throw Error("the card has no resize step");
  step->interpolation = *interpolation;
}

void set_classes(ModelCard& card, Value value) { card.classes = split(value, ','); }

void set_decision(ModelCard& card, Value value) {
  const std::optional<Decision::Rule> rule = parse_rule(value);
  if (!rule) throw Error(kRuleWords);
  card.decision.rule = *rule;
}

void set_thresholds(ModelCard& card, Value value) {
  card.decision.rule = Decision::Rule::thresholds;
  card.decision.thresholds = numbers_of(value);
}

void set_cuts(ModelCard& card, Value value) {
  if (card.decision.rule != Decision::Rule::expected) card.decision.rule = Decision::Rule::regression;
  card.decision.cuts = numbers_of(value);
}

void set_threshold(ModelCard& card, Value value) { card.decision.threshold = number_of(value); }

void set_outputs(ModelCard& card, Value value) {
  if (value != "probabilities" && value != "logits") throw Error(kOutputsWords);
  card.decision.logits = value == "logits";
}

void set_grades(ModelCard& card, Value value) {
  card.decision.grades.clear();
  for (const std::string& part : split(value, ',')) card.decision.grades.push_back(whole_number_of(part));
}

void set_referable(ModelCard& card, Value value) {
  if (value == "none") {
    card.referable.reset();
  } else {
    card.referable = whole_number_of(value);
  }
}

struct Override {
  CardOption option;
  void (*set)(ModelCard&, Value);
};

const std::vector<Override>& overrides() {
  static const std::vector<Override> list = {
      {{"preprocess", "NAME", "prepare pictures as this preset does, in place of what the card says"}, set_preset},
      {{"channel-order", "ORDER", "channel order the network takes: rgb or bgr"}, set_channel_order},
      {{"scale", "X", "factor for each pixel value, a number or a quotient such as 1/255"}, set_scale},
      {{"mean", "A,B,C", "subtracted after scaling, one number a channel in the network's order"}, set_mean},
      {{"std", "A,B,C", "divided by afterwards, one number a channel in the network's order"}, set_std},
      {{"sigma", "X", "sigma of the card's Gaussian contrast step"}, set_sigma},
      {{"resize", "WxH", "size of the card's resize step"}, set_resize},
      {{"interpolation", "NAME", "of the card's resize step: nearest, linear, cubic or area"}, set_interpolation},
      {{"classes", "A,B,...", "names of the classes"}, set_classes},
      {{"decision", "RULE", "argmax, thresholds, regression, expected, count, ordinal or corn"}, set_decision},
      {{"thresholds", "A,B,...", "one a class, the first 0: the highest class above its own wins"}, set_thresholds},
      {{"cuts", "A,B,...", "where a regression's output, or the expected grade, passes into the next"}, set_cuts},
      {{"threshold", "X", "of count, ordinal and corn: outputs above it count, 0.5 by default"}, set_threshold},
      {{"outputs", "WHAT", "probabilities, or logits of a network that ends before its activation"}, set_outputs},
      {{"grades", "A,B,...", "the grade of each class where they are in another order, such as 1,2,0,4,3"}, set_grades},
      {{"referable", "N", "grades from this one on are referable; none if that is no question"}, set_referable},
  };
  return list;
}

void apply_one(ModelCard& card, const std::string& name, const std::string& value) {
  for (const Override& known : overrides()) {
    if (known.option.name != name) continue;
    try {
      return known.set(card, value);
    } catch (const Error& e) {
      throw Error("--" + name + " " + value + ": " + e.what());
    }
  }
  throw Error("--" + name + ": no such option of a card");
}

}  // namespace

const std::vector<CardOption>& card_options() {
  static const std::vector<CardOption> list = [] {
    std::vector<CardOption> options;
    for (const Override& known : overrides()) options.push_back(known.option);
    return options;
  }();
  return list;
}

void apply_overrides(ModelCard& card, const std::vector<std::pair<std::string, std::string>>& options) {
  if (options.empty()) return;
  const FloatMode mode(FloatMode::Tiny::kept);
  ModelCard changed = card;
  std::string words;
  for (const auto& [name, value] : options) {
    apply_one(changed, name, value);
    words += (words.empty() ? "--" : " --") + name + " " + value;
  }
  try {
    check_card(changed);
  } catch (const Error& e) {
    throw Error(words + ": " + e.what());
  }
  changed.source += " with " + words;
  changed.json = card_to_json(changed);
  card = std::move(changed);
}

void apply_override(ModelCard& card, const std::string& name, const std::string& value) {
  apply_overrides(card, {{name, value}});
}

}  // namespace fovea
