// The command line of model-pack.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fovea/pack.h>

namespace fovea::tools {

struct ModelPackArguments {
  std::string model, config, architecture, layers;
  std::int64_t height = 0, width = 0;
  std::string output, card;
  bool no_card = false, no_self_test = false, quiet = false;
  std::vector<std::string> isa, arithmetic;
};

/// Returns the exit code if the program ends here.
std::optional<int> parse_arguments(int argc, const char* const* argv, ModelPackArguments& arguments);

/// What --isa and --arithmetic ask for, each once and in a fixed order. Throws Error for what this machine cannot run.
std::vector<PackedSet> wanted_sets(const ModelPackArguments& arguments);

}  // namespace fovea::tools
