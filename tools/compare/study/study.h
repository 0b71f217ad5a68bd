// Everything that the results of one comparison are written from.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "grading/evaluate/comparison.h"
#include "grading/evaluate/summary.h"
#include "text/csv.h"
#include "tools/common/input/passed_over.h"
#include "tools/compare/input/findings.h"
#include "tools/compare/input/graded_list.h"
#include "tools/compare/input/join.h"

namespace fovea::tools {

/// What is known about something, for people and for JSON: {"model_sha256", "ab12..."}.
using Facts = std::vector<std::pair<std::string, std::string>>;

/// Grades that were predicted, and where they come from.
struct Predictions {
  GradedList list;
  Facts origin;
  bool demo = false;
  std::vector<std::string> classes;  ///< names, may be empty
};

/// An image that the two models graded differently.
struct Disagreement {
  std::size_t reference = 0;  ///< index into the benchmark's entries
  int first = 0, second = 0;
};

struct SecondModel {
  Predictions predictions;
  evaluate::Comparison comparison;
  std::vector<Disagreement> disagreements;  ///< in the order of the benchmark
};

/// What one step of the run took.
struct StepTime {
  std::string step;
  double seconds = 0;
};

struct Study {
  CsvTable benchmark;
  ListColumns columns;  ///< of the benchmark
  GradedList reference;
  Predictions predictions;
  Joined joined;
  Findings findings;
  std::vector<std::string> warnings;  ///< about the figures as a whole
  std::vector<std::string> classes;   ///< a name for each grade, may be empty text
  PassedOver passed;                  ///< what the folder of images held besides
  int referable = 2;
  bool demo = false;
  evaluate::Sample sample;
  evaluate::Evaluation evaluation{.confusion = evaluate::Confusion(1)};
  evaluate::EvaluationOptions options;
  std::optional<SecondModel> second;
  Facts run;  ///< of this run: version, command, when
  std::vector<StepTime> times;
  double images_per_second = 0;  ///< 0 = nothing was graded here
  bool timing = false;

  const GradedEntry& reference_of(const Pair& pair) const { return reference.entries[pair.reference]; }
  const GradedEntry& prediction_of(const Pair& pair) const { return predictions.list.entries[pair.prediction]; }
};

/// "2 Moderate", or "2" where the grade has no name.
std::string grade_text(const std::vector<std::string>& classes, int grade);

}  // namespace fovea::tools
