// The ranges of a card's values, and how they must agree. One place for files and command lines.
#include <cmath>
#include <set>

#include "layers/error.h"
#include "loaders/card/card.h"
#include "loaders/card/card_text.h"

namespace fovea {
namespace {

constexpr double kMaxSigma = 500;
constexpr int kMaxResizeSide = 16384;
constexpr std::size_t kMaxSteps = 32;
constexpr std::size_t kMaxClasses = 10000;
// Wide enough for any use, narrow enough that every result is finite in float.
constexpr double kMaxFactor = 1e6;

[[noreturn]] void fail(const std::string& path, const std::string& reason) { throw Error(path + ": " + reason); }

// Written so that NaN fails.
void check_range(const std::string& path, double value, double low, double high) {
  if (value >= low && value <= high) return;
  fail(path, "must be from " + number_text(low) + " to " + number_text(high) + ", is " + number_text(value));
}

struct StepCheck {
  std::string path;
  void operator()(const CropGrey& step) const { check_range(path + ".tolerance", step.tolerance, 0, 255); }
  void operator()(const CropCircle&) const {}
  void operator()(const GaussianContrast& step) const {
    if (!(step.sigma > 0 && step.sigma <= kMaxSigma)) {
      fail(path + ".sigma",
           "must be above 0 and at most " + number_text(kMaxSigma) + ", is " + number_text(step.sigma));
    }
    check_range(path + ".weight", step.weight, -kMaxFactor, kMaxFactor);
    check_range(path + ".blur_weight", step.blur_weight, -kMaxFactor, kMaxFactor);
    check_range(path + ".offset", step.offset, -kMaxFactor, kMaxFactor);
  }
  void operator()(const Resize& step) const {
    if (step.width == 0 && step.height == 0) return;
    check_range(path + ".width", step.width, 1, kMaxResizeSide);
    check_range(path + ".height", step.height, 1, kMaxResizeSide);
  }
};

void check_normalise(const Normalise& normalise) {
  const double scale = std::abs(normalise.scale);
  if (!(scale >= 1 / kMaxFactor && scale <= kMaxFactor)) {
    fail("preprocessing.scale", "must be between 1e-06 and 1e+06, is " + number_text(normalise.scale));
  }
  for (std::size_t c = 0; c < 3; ++c) {
    const std::string index = "[" + std::to_string(c) + "]";
    check_range("preprocessing.mean" + index, normalise.mean[c], -kMaxFactor, kMaxFactor);
    check_range("preprocessing.std" + index, normalise.std[c], 1 / kMaxFactor, kMaxFactor);
  }
}

void check_classes(const std::vector<std::string>& classes) {
  if (classes.size() > kMaxClasses) fail("classes", "more than " + std::to_string(kMaxClasses));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const std::string path = "classes[" + std::to_string(i) + "]";
    if (classes[i].empty()) fail(path, "must not be empty");
    for (const char c : classes[i]) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) fail(path, "must not contain control characters");
    }
    if (!seen.insert(classes[i]).second) fail(path, "'" + classes[i] + "' is there twice");
  }
}

void check_thresholds(const std::vector<double>& thresholds, std::size_t classes) {
  const std::string path = "decision.thresholds";
  if (thresholds.empty()) fail(path, "must have one number for each class");
  if (thresholds.size() > kMaxClasses) fail(path, "more than " + std::to_string(kMaxClasses));
  if (classes != 0 && thresholds.size() != classes) {
    fail(path, "has " + std::to_string(thresholds.size()) + " numbers for " + std::to_string(classes) + " classes");
  }
  for (std::size_t i = 0; i < thresholds.size(); ++i) {
    check_range(path + "[" + std::to_string(i) + "]", thresholds[i], 0, 1);
  }
  if (thresholds[0] != 0) fail(path + "[0]", "must be 0: class 0 is what remains when no other exceeds its threshold");
}

void check_cuts(const std::vector<double>& cuts, std::size_t classes) {
  const std::string path = "decision.cuts";
  if (cuts.empty()) fail(path, "must have one number between each two grades");
  if (cuts.size() >= kMaxClasses) fail(path, "more than " + std::to_string(kMaxClasses));
  if (classes != 0 && cuts.size() + 1 != classes) {
    fail(path, std::to_string(cuts.size()) + " cuts make " + std::to_string(cuts.size() + 1) + " grades, there are " +
                   std::to_string(classes) + " classes");
  }
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    check_range(path + "[" + std::to_string(i) + "]", cuts[i], -kMaxFactor, kMaxFactor);
    if (i > 0 && !(cuts[i] > cuts[i - 1])) fail(path + "[" + std::to_string(i) + "]", "must be above the one before");
  }
}

}  // namespace

void check_card(const ModelCard& card) {
  const Preprocessing& preprocessing = card.preprocessing;
  if (preprocessing.steps.size() > kMaxSteps) {
    fail("preprocessing.steps", "more than " + std::to_string(kMaxSteps) + " steps");
  }
  for (std::size_t i = 0; i < preprocessing.steps.size(); ++i) {
    std::visit(StepCheck{"preprocessing.steps[" + std::to_string(i) + "]"}, preprocessing.steps[i]);
  }
  check_normalise(preprocessing.normalise);
  check_classes(card.classes);
  if (card.decision.rule == Decision::Rule::thresholds) check_thresholds(card.decision.thresholds, card.classes.size());
  if (card.decision.rule == Decision::Rule::regression) check_cuts(card.decision.cuts, card.classes.size());
  check_range("referable", card.referable, 0, static_cast<double>(kMaxClasses));
}

void check_outputs(const ModelCard& card, int outputs) {
  const std::string has = "the model has " + std::to_string(outputs) + " outputs, ";
  const Decision& decision = card.decision;
  if (decision.rule == Decision::Rule::regression) {
    if (outputs != 1) throw Error(has + "the decision rule regression needs 1");
    return;
  }
  const auto count = static_cast<std::size_t>(outputs);
  if (decision.rule == Decision::Rule::thresholds && decision.thresholds.size() != count) {
    throw Error(has + "the card has " + std::to_string(decision.thresholds.size()) + " thresholds");
  }
  if (!card.classes.empty() && card.classes.size() != count) {
    throw Error(has + "the card names " + std::to_string(card.classes.size()) + " classes");
  }
}

}  // namespace fovea
