// The ranges of a card's values, and how they must agree. One place for files and command lines.
#include <cmath>
#include <set>

#include <fovea/card.h>
#include <fovea/error.h>
#include "grading/card/card_text.h"

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
    if (step.interpolation < Interpolation::nearest || step.interpolation > Interpolation::area) {
      fail(path + ".interpolation", "is none of those that there are");
    }
    if (step.width == 0 && step.height == 0) return;
    check_range(path + ".width", step.width, 1, kMaxResizeSide);
    check_range(path + ".height", step.height, 1, kMaxResizeSide);
  }
};

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

void check_grades(const std::vector<int>& grades, std::size_t classes) {
  const std::string path = "decision.grades";
  if (grades.empty()) return;
  if (classes != 0 && grades.size() != classes) {
    fail(path, "has " + std::to_string(grades.size()) + " grades for " + std::to_string(classes) + " classes");
  }
  std::vector<bool> seen(grades.size());
  for (std::size_t i = 0; i < grades.size(); ++i) {
    const std::string place = path + "[" + std::to_string(i) + "]";
    check_range(place, grades[i], 0, static_cast<double>(grades.size() - 1));
    const auto grade = static_cast<std::size_t>(grades[i]);
    if (seen[grade]) fail(place, "the grade " + std::to_string(grade) + " is there twice");
    seen[grade] = true;
  }
}

void check_thresholds(const Decision& decision, std::size_t classes) {
  const std::vector<double>& thresholds = decision.thresholds;
  const std::string path = "decision.thresholds";
  if (thresholds.empty()) fail(path, "must have one number for each class");
  if (thresholds.size() > kMaxClasses) fail(path, "more than " + std::to_string(kMaxClasses));
  if (classes != 0 && thresholds.size() != classes) {
    fail(path, "has " + std::to_string(thresholds.size()) + " numbers for " + std::to_string(classes) + " classes");
  }
  for (std::size_t i = 0; i < thresholds.size(); ++i) {
    check_range(path + "[" + std::to_string(i) + "]", thresholds[i], 0, 1);
  }
  const auto lowest = static_cast<std::size_t>(deciding_output(decision, 0));
  if (lowest < thresholds.size() && thresholds[lowest] != 0) {
    fail(path + "[" + std::to_string(lowest) + "]",
         "must be 0: class " + std::to_string(lowest) + " is what remains when no other exceeds its threshold");
  }
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

void check_decision_values(const Decision& decision, std::size_t classes) {
  using Rule = Decision::Rule;
  if (!decision.grades.empty() && !one_output_a_class(decision)) {
    fail("decision.grades", "go with the rules argmax, thresholds and expected, which have one output a class");
  }
  check_grades(decision.grades, classes);
  if (decision.logits && decision.rule == Rule::regression) fail("decision.outputs", "of a regression are no logits");
  if (decision.rule == Rule::thresholds) check_thresholds(decision, classes);
  if (decision.rule == Rule::regression || decision.rule == Rule::expected) check_cuts(decision.cuts, classes);
  if (!(decision.threshold > 0 && decision.threshold < 1)) {
    fail("decision.threshold", "must be above 0 and below 1, is " + number_text(decision.threshold));
  }
}

}  // namespace

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

void check_preprocessing(const Preprocessing& preprocessing) {
  if (preprocessing.steps.size() > kMaxSteps) {
    fail("preprocessing.steps", "more than " + std::to_string(kMaxSteps) + " steps");
  }
  for (std::size_t i = 0; i < preprocessing.steps.size(); ++i) {
    std::visit(StepCheck{"preprocessing.steps[" + std::to_string(i) + "]"}, preprocessing.steps[i]);
  }
  check_normalise(preprocessing.normalise);
}

void check_card(const ModelCard& card) {
  check_preprocessing(card.preprocessing);
  check_classes(card.classes);
  check_decision_values(card.decision, card.classes.size());
  if (card.referable) check_range("referable", *card.referable, 0, static_cast<double>(kMaxClasses));
}

std::vector<std::string> grade_names(const ModelCard& card) {
  std::vector<std::string> names = card.classes;
  for (std::size_t i = 0; i < names.size() && i < card.decision.grades.size(); ++i) {
    names.at(static_cast<std::size_t>(card.decision.grades[i])) = card.classes[i];
  }
  return names;
}

void check_outputs(const ModelCard& card, int outputs) {
  check_decision(card.decision, outputs);
  const auto grades = static_cast<std::size_t>(grade_count(card.decision, outputs));
  const bool cuts = card.decision.rule == Decision::Rule::regression;  // whose number check_card compares
  if (!cuts && !card.classes.empty() && card.classes.size() != grades) {
    throw Error("the model has " + std::to_string(outputs) + (outputs == 1 ? " output" : " outputs") +
                (one_output_a_class(card.decision) ? "" : " for " + std::to_string(grades) + " grades") +
                ", the card names " + std::to_string(card.classes.size()) + " classes");
  }
}

void check_referable(const ModelCard& card, int grades) {
  if (!card.referable || (*card.referable >= 1 && *card.referable < grades)) return;
  throw Error("grades from " + std::to_string(*card.referable) + " on are to be referable, and grades are 0 to " +
              std::to_string(grades - 1) + "; \"referable\" in the card or --referable says which are, or none");
}

}  // namespace fovea
