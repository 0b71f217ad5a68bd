// The command line of batch-predict.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fovea::tools {

struct BatchPredictArguments {
  std::string model, architecture, config;
  bool demo = false;
  std::string weights_dir;

  std::vector<std::string> inputs;
  std::string images, id_column;
  bool recursive = false;

  std::string card;
  std::vector<std::pair<std::string, std::string>> card_options;  ///< (name, value), in the order of card_options()

  std::string output, plot, save_preprocessed, write_ids;
  bool details = false, quiet = false;
  std::string log_json;  ///< "-" = standard error

  bool resume = false, restart = false;  ///< what to do with the journal of an unfinished run

  int threads = 0;  ///< 0 = as many as the process is allowed
  int batch = 1;
  int tta = 1;
  bool fast_decode = false;
  std::string isa;
  std::string arithmetic = "fast";

  std::vector<std::string> command;  ///< as given
};

/// Parses and checks the command line. Returns the exit code if the program ends here: --help and --version (printed to
/// stdout) or wrong usage (one line on stderr).
std::optional<int> parse_arguments(int argc, const char* const* argv, BatchPredictArguments& arguments);

}  // namespace fovea::tools
