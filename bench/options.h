// The command line of layer-bench.
#pragma once

#include <optional>
#include <string>

#include <fovea/arithmetic.h>

namespace fovea::bench {

struct Options {
  std::string model;         ///< "" = a built-in architecture with random weights
  std::string architecture;  ///< of a weights-only file, or of the random one
  std::string isa, filter, json, csv, plot;
  Arithmetic arithmetic = Arithmetic::fast;
  int batch = 1;
  int threads = 0;  ///< 0 = as many as the process is allowed
  int repetitions = 30;
  bool end_to_end = false;
};

/// Parses and checks the command line. Returns the exit code if the program ends here: --help and --version (printed to
/// stdout) or wrong usage (one line on stderr).
std::optional<int> parse_options(int argc, const char* const* argv, Options& options);

}  // namespace fovea::bench
