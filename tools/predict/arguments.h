// The command line of batch-predict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grading/pipeline/model_arguments.h"

namespace fovea::tools {

struct BatchPredictArguments : ModelArguments {
  std::vector<std::string> inputs;
  std::string images, id_column;
  bool recursive = false, id_with_extension = false;

  std::string output, plot, save_preprocessed, write_ids;
  bool details = false, quiet = false;
  std::string log_json;  ///< "-" = standard error

  // What to do with the journal of an unfinished run.
  std::string resume;  ///< "" = nothing, "true" = go on, "add" = also if the list of pictures is another
  bool restart = false;

  std::vector<std::string> command;  ///< as given
};

/// Parses and checks the command line. Returns the exit code if the program ends here: --help and --version (printed to
/// stdout) or wrong usage (one line on stderr).
std::optional<int> parse_arguments(int argc, const char* const* argv, BatchPredictArguments& arguments);

}  // namespace fovea::tools
