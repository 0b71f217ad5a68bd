// A constant operand of an operation: a number, or numbers with a shape.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fovea/layer_config.h>

namespace fovea {

/// Row-major. A single number has no dimensions.
struct Constant {
  std::vector<std::int64_t> dims;
  std::vector<double> values;

  /// One value, whatever its dimensions.
  bool is_single() const { return values.size() == 1; }
  /// One for each channel: only the last dimension is not 1.
  bool is_per_channel() const;
};

/// Reads a number, a truth value (as 1 or 0) or nested lists of them; throws Error naming the attribute `key`.
Constant read_constant(const LayerConfig& config, const std::string& key, const Attribute& value);

}  // namespace fovea
