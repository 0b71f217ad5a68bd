// Normalisation over all values of an input at once.
#pragma once

#include "layers/layer.h"

namespace fovea {

/// What divides the differences: sqrt(max(sum of squares / (mean ? count : 1) + epsilon, smallest)).
struct Divisor {
  bool centre, mean;
  double epsilon, smallest;

  /// One over it.
  double factor(double squares, double count) const;
};

/// (x - m) / divisor * scale + shift, where m is the mean or 0; scale and shift have the input's shape or no data.
std::unique_ptr<Layer> make_map_norm(const std::string& name, const std::string& class_name, Divisor divisor,
                                     const Weight& scale, const Weight& shift);

}  // namespace fovea
