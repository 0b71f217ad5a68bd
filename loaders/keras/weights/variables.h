// The variables of Keras' common layers, in Keras' order: what the loader falls back on when a file does not name them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

struct Variable {
  std::string name;
  bool trainable;    ///< as created; a frozen layer has none that is
  bool used = true;  ///< false: stored, but of no use at inference, and never read
};

/// The variables that a layer of this class and configuration has; nullopt if the class is not in the table.
std::optional<std::vector<Variable>> expected_variables(const ConfigNode& node);

}  // namespace fovea::keras
