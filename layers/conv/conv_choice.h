// Which method computes a convolution: a function of one image's layer shape and the arithmetic setting alone, never of
// instruction set, caches, batch or threads, so that the bits depend on nothing else.
#pragma once

#include <string>
#include <vector>

#include <fovea/arithmetic.h>
#include "layers/conv/conv_method.h"

namespace fovea {

enum class ConvAlgorithm { direct, winograd2, winograd4 };

/// The methods in the order in which they are preferred, with what each would cost; the least of those that can do it
/// is chosen, of two that cost the same the earlier.
struct ConvCandidate {
  ConvAlgorithm algorithm;
  std::string refusal;    ///< why it cannot be; empty if it can
  std::int64_t cost = 0;  ///< in multiply-accumulates of the direct kernel, if it can
};
std::vector<ConvCandidate> conv_candidates(const ConvGeometry& geometry, Arithmetic arithmetic);

struct ConvChoice {
  ConvAlgorithm algorithm;
  std::string reason;
};
ConvChoice choose_conv(const ConvGeometry& geometry, Arithmetic arithmetic);

}  // namespace fovea
