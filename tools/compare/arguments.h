// The command line of benchmark-compare.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "grading/pipeline/model_arguments.h"

namespace fovea::tools {

struct CompareArguments : ModelArguments {
  std::string benchmark, id_column, grade_column;
  std::optional<int> first_grade;  ///< number of the benchmark's lowest grade, if it was said
  std::string predictions, prediction_column;
  std::string images;
  bool recursive = false;
  std::string compare;  ///< predictions of another model

  double target_sensitivity = 0.9;
  int resamples = 2000;
  std::uint64_t seed = 1;

  std::string output;
  bool strict = false, timing = false, quiet = false;

  std::vector<std::string> command;  ///< as given

  bool predicts() const { return predictions.empty(); }
};

/// Parses and checks the command line. Returns the exit code if the program ends here: --help and --version (printed to
/// stdout) or wrong usage (one line on stderr).
std::optional<int> parse_arguments(int argc, const char* const* argv, CompareArguments& arguments);

}  // namespace fovea::tools
