// What is evaluated: its check, and the probability of a grade or worse.
#include "grading/evaluate/sample.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fovea/error.h>

namespace fovea::evaluate {

namespace {

std::string place(std::size_t row) { return "evaluation: row " + std::to_string(row + 1); }

void check_grade(int grade, int classes, std::size_t row, const char* what) {
  if (grade < 0 || grade >= classes) {
    throw Error(place(row) + ": the " + what + " grade " + std::to_string(grade) + " is not one of 0 ... " +
                std::to_string(classes - 1));
  }
}

void check_probabilities(std::span<const double> probabilities, std::size_t row) {
  double sum = 0;
  for (const double p : probabilities) {
    if (!(p >= 0 && p <= 1)) throw Error(place(row) + ": " + std::to_string(p) + " is not a probability");
    sum += p;
  }
  if (std::abs(sum - 1) > kSumTolerance) {
    throw Error(place(row) + ": the probabilities add up to " + std::to_string(sum) + ", not to 1");
  }
}

}  // namespace

std::span<const double> Sample::row_probabilities(std::size_t row) const {
  const auto count = static_cast<std::size_t>(classes);
  return std::span(probabilities).subspan(row * count, count);
}

void check_grades(int classes, std::span<const int> truth, std::span<const int> predicted) {
  if (classes < 2 || classes > kMaxClasses) {
    throw Error("evaluation: " + std::to_string(classes) + " grades are not between 2 and " +
                std::to_string(kMaxClasses));
  }
  if (truth.empty()) throw Error("evaluation: no rows to evaluate");
  if (truth.size() > kMaxRows) {
    throw Error("evaluation: " + std::to_string(truth.size()) + " rows are more than " + std::to_string(kMaxRows));
  }
  if (predicted.size() != truth.size()) {
    throw Error("evaluation: " + std::to_string(truth.size()) + " true grades, but " +
                std::to_string(predicted.size()) + " predicted ones");
  }
  for (std::size_t row = 0; row < truth.size(); ++row) {
    check_grade(truth[row], classes, row, "true");
    check_grade(predicted[row], classes, row, "predicted");
  }
}

void check(const Sample& sample) {
  check_grades(sample.classes, sample.truth, sample.predicted);
  if (!sample.has_probabilities()) return;
  const std::size_t expected = sample.rows() * static_cast<std::size_t>(sample.classes);
  if (sample.probabilities.size() != expected) {
    throw Error("evaluation: " + std::to_string(sample.probabilities.size()) + " probabilities, but " +
                std::to_string(expected) + " needed");
  }
  for (std::size_t row = 0; row < sample.rows(); ++row) check_probabilities(sample.row_probabilities(row), row);
}

std::vector<double> tail_probabilities(const Sample& sample, int grade) {
  std::vector<double> tail(sample.rows());
  for (std::size_t row = 0; row < tail.size(); ++row) {
    for (const double p : sample.row_probabilities(row).subspan(static_cast<std::size_t>(grade))) tail[row] += p;
    tail[row] = std::min(tail[row], 1.0);
  }
  return tail;
}

}  // namespace fovea::evaluate
