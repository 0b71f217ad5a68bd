// The benchmark and the predictions, joined by id.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "tools/compare/findings.h"
#include "tools/compare/graded_list.h"

namespace fovea::tools {

inline constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

struct Pair {
  std::size_t reference = 0, prediction = 0;  ///< indices into the entries of the two lists
};

struct Joined {
  std::vector<Pair> pairs;                ///< both with a grade, in the order of the benchmark
  std::vector<std::size_t> of_reference;  ///< for each row of the benchmark its prediction with a grade, or kNone
};

/// Lists in `findings` ids that have no entry on the other side; an entry there without a grade is listed already.
Joined join(const GradedList& reference, const GradedList& predictions, Findings& findings);

}  // namespace fovea::tools
