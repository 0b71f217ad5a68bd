// All metrics of a sample, for its rows as they are or as a resample drew them: what can be worked out once, is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "grading/evaluate/calibration.h"
#include "grading/evaluate/confusion.h"
#include "grading/evaluate/curves.h"
#include "grading/evaluate/groups.h"
#include "grading/evaluate/sample.h"
#include "grading/evaluate/summary.h"

namespace fovea::evaluate {

/// Takes the metrics, always the same in the same order. Keys and titles are literals.
class Sink {
 public:
  virtual ~Sink() = default;
  /// What the metrics that follow are about.
  virtual void about(Group group, int grade) = 0;
  virtual void number(const char* key, const char* title, double value) = 0;
  virtual void proportion(const char* key, const char* title, Proportion proportion) = 0;
  /// An area under the ROC curve of so many positive and negative rows.
  virtual void area(const char* key, const char* title, double value, std::int64_t positives,
                    std::int64_t negatives) = 0;
};

/// Outcomes with their probabilities.
struct Forecasts {
  Forecasts(std::span<const double> probabilities, std::span<const std::uint8_t> outcomes, int bins);

  std::vector<double> brier, log_loss;  // of each row
  Reliability reliability;
};

/// Its own order of rows is by true grade and, within it, by predicted grade; all counts are in this order.
class Evaluator {
 public:
  /// `sample` and `options` must have been checked.
  Evaluator(const Sample& sample, const EvaluationOptions& options);

  std::size_t rows() const { return cells_.order.size(); }
  /// How many rows bear each grade in the reference: the strata of the bootstrap.
  std::vector<std::size_t> strata() const;

  /// Counts the grades into `confusion`, which must be of the sample's classes.
  void count(std::span<const RowCount> counts, Confusion& confusion) const;
  /// `confusion` is scratch memory.
  void measure(std::span<const RowCount> counts, Confusion& confusion, Sink& sink) const;

  /// With probabilities only: by "grade or worse", `grade` being 1 or that of the options.
  const Ranking& ranking(int grade) const { return target(grade).ranking; }
  const Reliability& reliability(int grade) const { return target(grade).forecasts.reliability; }
  /// With probabilities only: of the predicted grade.
  const Reliability& reliability() const { return *right_; }

 private:
  struct TargetRows {
    int grade;
    Ranking ranking;
    Forecasts forecasts;
  };
  const TargetRows& target(int grade) const;
  void add_target(const Sample& sample, int grade, int bins);
  void measure_overall(std::span<const RowCount> counts, const Confusion& confusion, Sink& sink) const;
  void measure_target(std::span<const RowCount> counts, const Confusion& confusion, int grade, Sink& sink) const;

  int classes_, referable_;
  double target_sensitivity_;
  Groups cells_;
  // Empty without probabilities:
  std::vector<double> brier_, log_loss_;  // over all grades, of each row
  std::optional<Reliability> right_;      // of the predicted grade to be right
  std::vector<TargetRows> targets_;       // one for each grade in use
};

}  // namespace fovea::evaluate
