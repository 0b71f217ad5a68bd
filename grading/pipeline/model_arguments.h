// The options that every tool with a model has: which model, what it expects of its input, how it runs.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace fovea::tools {

struct ModelArguments {
  std::string model, architecture, config, layers;
  bool demo = false;
  std::string weights_dir;

  std::string card;
  std::vector<std::pair<std::string, std::string>> card_options;  ///< (name, value), in the order of card_options()

  bool self_test = false, no_self_test = false;  ///< neither = examined if the card holds a self-test

  int threads = 0;  ///< 0 = as many as the process is allowed
  int batch = 1;
  int tta = 1;
  bool fast_decode = false;
  bool accept_damaged = false;
  int memory_mib = 0;  ///< of all pictures being decoded; 0 = default_decode_memory()
  std::string isa;
  std::string arithmetic = "fast";
  std::string threading = "automatic";
};

}  // namespace fovea::tools
