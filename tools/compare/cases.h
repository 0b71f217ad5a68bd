// The images that a reader should look at: where the model is far off, and where the benchmark may be.
#pragma once

#include <cstddef>
#include <vector>

#include "tools/compare/study.h"

namespace fovea::tools {

struct Case {
  Pair pair;
  std::size_t row = 0;  ///< in the sample
};

struct Cases {
  std::size_t all = 0;      ///< that there are
  std::vector<Case> shown;  ///< the first of them
};

/// A prediction that contradicts the benchmark with at least this probability is a suspected label error.
inline constexpr double kConfident = 0.9;

/// Wrong grades: the farthest off first, then (with probabilities) the surest, then in the benchmark's order.
Cases worst_cases(const Study& study, std::size_t most);
/// Confidently different: the predicted grade has a probability of at least kConfident. Those first whose two grades
/// differ most in probability. Needs probabilities.
Cases suspected_label_errors(const Study& study, std::size_t most);

}  // namespace fovea::tools
