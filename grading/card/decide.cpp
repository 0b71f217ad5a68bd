// From a model's outputs to a grade and to the probabilities of all grades.
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <fovea/decision.h>
#include <fovea/error.h>
#include "base/float_mode.h"
#include "grading/card/card_text.h"

namespace fovea {
namespace {

using Rule = Decision::Rule;

// Our own, so that a grade does not depend on the C library: a polynomial on |r| <= ln 2 / 2, then the power of two.
double exp_of(double x) {
  constexpr double kLn2High = 0x1.62e42fee00000p-1, kLn2Low = 0x1.a39ef35793c76p-33, kInvLn2 = 0x1.71547652b82fep+0;
  constexpr int kTerms = 14;
  x = std::clamp(x, -708.0, 708.0);
  const double k = std::floor(x * kInvLn2 + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;
  double sum = 1;
  for (int n = kTerms; n > 0; --n) sum = 1 + sum * r / n;
  return std::ldexp(sum, static_cast<int>(k));
}

double sigmoid(double x) { return x >= 0 ? 1 / (1 + exp_of(-x)) : exp_of(x) / (1 + exp_of(x)); }

void softmax(std::vector<double>& values) {
  const double largest = *std::max_element(values.begin(), values.end());
  double sum = 0;
  for (double& value : values) sum += value = exp_of(value - largest);
  for (double& value : values) value /= sum;
}

// The outputs as what the rule takes them for.
std::vector<double> values_of(const Decision& decision, const float* outputs, int count) {
  std::vector<double> values(outputs, outputs + count);
  if (decision.logits) {
    if (one_output_a_class(decision)) {
      softmax(values);
    } else {
      std::transform(values.begin(), values.end(), values.begin(), sigmoid);
    }
  } else if (decision.rule != Rule::argmax && decision.rule != Rule::thresholds) {
    for (int i = 0; i < count; ++i) {
      const double value = values[static_cast<std::size_t>(i)];
      if (value >= 0 && value <= 1) continue;
      throw Error("output " + std::to_string(i) + " is " + float_text(outputs[i]) +
                  ", no probability; \"outputs\": \"logits\" in the card's decision if the network ends before its "
                  "activation");
    }
  }
  return values;
}

// P(grade >= k) for k = 1, 2, ..., falling.
std::vector<double> levels_of(const Decision& decision, const float* outputs, int count) {
  std::vector<double> levels = values_of(decision, outputs, count);
  if (decision.rule == Rule::corn) {
    for (std::size_t k = 1; k < levels.size(); ++k) levels[k] *= levels[k - 1];
    return levels;
  }
  std::sort(levels.begin(), levels.end(), std::greater<>());
  // Of one output a grade, the largest stands for P(grade >= 0), which is 1.
  if (decision.rule == Rule::count) levels.erase(levels.begin());
  return levels;
}

int grade_of_class(const Decision& decision, std::size_t index) {
  return decision.grades.empty() ? static_cast<int>(index) : decision.grades[index];
}

std::vector<double> by_grade(const Decision& decision, const std::vector<double>& by_class) {
  std::vector<double> sorted(by_class.size());
  for (std::size_t i = 0; i < by_class.size(); ++i) {
    sorted.at(static_cast<std::size_t>(grade_of_class(decision, i))) = by_class[i];
  }
  return sorted;
}

int decide_thresholds(const Decision& decision, const std::vector<double>& values) {
  const std::vector<double> probabilities = by_grade(decision, values);
  const std::vector<double> thresholds = by_grade(decision, decision.thresholds);
  for (std::size_t i = thresholds.size(); i-- > 1;) {
    if (probabilities[i] > thresholds[i]) return static_cast<int>(i);
  }
  return 0;
}

// A value on a cut belongs to the grade above it, as in the notebooks (`pred >= 0.5`).
int decide_cuts(const std::vector<double>& cuts, double value) {
  return static_cast<int>(std::upper_bound(cuts.begin(), cuts.end(), value) - cuts.begin());
}

void check_values(const Decision& decision, const float* outputs, int count) {
  check_decision(decision, count);
  if (outputs == nullptr) throw Error("there are no outputs to decide by");
}

}  // namespace

bool one_output_a_class(const Decision& decision) {
  return decision.rule == Rule::argmax || decision.rule == Rule::thresholds || decision.rule == Rule::expected;
}

int grade_count(const Decision& decision, int outputs) {
  switch (decision.rule) {
    case Rule::regression:
      return static_cast<int>(decision.cuts.size()) + 1;
    case Rule::ordinal:
    case Rule::corn:
      return outputs + 1;
    default:
      return outputs;
  }
}

void check_decision(const Decision& decision, int outputs) {
  const auto count = static_cast<std::size_t>(outputs);
  const std::string has = "the model has " + std::to_string(outputs) + (outputs == 1 ? " output, " : " outputs, ");
  if (outputs < 1) throw Error("the model has no outputs");
  if (decision.rule == Rule::regression && count != 1) throw Error(has + "the decision rule regression needs 1");
  if (decision.rule == Rule::thresholds && decision.thresholds.size() != count) {
    throw Error(has + "the card has " + std::to_string(decision.thresholds.size()) + " thresholds");
  }
  if (decision.rule == Rule::expected && decision.cuts.size() + 1 != count) {
    throw Error(has + "the card has " + std::to_string(decision.cuts.size()) + " cuts between grades");
  }
  if (decision.rule == Rule::count && count < 2) throw Error(has + "the decision rule count needs one for each grade");
  if (!decision.grades.empty() && decision.grades.size() != count) {
    throw Error(has + "the card gives the grades of " + std::to_string(decision.grades.size()) + " classes");
  }
  std::vector<bool> given(decision.grades.size());
  for (const int grade : decision.grades) {
    const bool known = grade >= 0 && grade < static_cast<int>(given.size());
    if (!known || given[static_cast<std::size_t>(grade)]) {
      throw Error("decision.grades: must be 0 to " + std::to_string(given.size() - 1) + ", each once");
    }
    given[static_cast<std::size_t>(grade)] = true;
  }
}

int decide(const Decision& decision, const float* outputs, int count) {
  const FloatMode mode(FloatMode::Tiny::kept);
  check_values(decision, outputs, count);
  if (decision.rule == Rule::regression) return decide_cuts(decision.cuts, static_cast<double>(outputs[0]));
  if (decision.rule == Rule::argmax) {
    return grade_of_class(decision, static_cast<std::size_t>(std::max_element(outputs, outputs + count) - outputs));
  }
  if (decision.rule == Rule::thresholds) return decide_thresholds(decision, values_of(decision, outputs, count));
  if (decision.rule == Rule::expected) {
    return decide_cuts(decision.cuts, expected_grade(grade_probabilities(decision, outputs, count)));
  }
  const std::vector<double> levels = levels_of(decision, outputs, count);
  return static_cast<int>(
      std::count_if(levels.begin(), levels.end(), [&](double level) { return level > decision.threshold; }));
}

std::vector<double> grade_probabilities(const Decision& decision, const float* outputs, int count) {
  const FloatMode mode(FloatMode::Tiny::kept);
  check_values(decision, outputs, count);
  if (decision.rule == Rule::regression) return {};
  if (one_output_a_class(decision)) return by_grade(decision, values_of(decision, outputs, count));
  const std::vector<double> levels = levels_of(decision, outputs, count);
  std::vector<double> probabilities;
  double above = 1;
  for (const double level : levels) {
    probabilities.push_back(above - level);
    above = level;
  }
  probabilities.push_back(above);
  return probabilities;
}

double expected_grade(const std::vector<double>& probabilities) {
  const FloatMode mode(FloatMode::Tiny::kept);
  double sum = 0, mean = 0;
  for (std::size_t grade = 0; grade < probabilities.size(); ++grade) {
    sum += probabilities[grade];
    mean += static_cast<double>(grade) * probabilities[grade];
  }
  // A softmax in float32 sums to 1 but for rounding, which must not move a value that lies on a cut.
  return sum > 0 ? mean / sum : 0;
}

int deciding_output(const Decision& decision, int grade) {
  switch (decision.rule) {
    case Rule::regression:
      return 0;
    case Rule::ordinal:
    case Rule::corn:
      return std::max(grade - 1, 0);
    case Rule::count:
      return grade;
    default:
      break;
  }
  const auto found = std::find(decision.grades.begin(), decision.grades.end(), grade);
  return found == decision.grades.end() ? grade : static_cast<int>(found - decision.grades.begin());
}

}  // namespace fovea
