// The benchmark and the predictions, joined by id.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/compare/input/findings.h"
#include "tools/compare/input/graded_list.h"
#include "tools/compare/input/match_ids.h"

namespace fovea::tools {

struct Pair {
  std::size_t reference = 0, prediction = 0;  ///< indices into the entries of the two lists
};

struct Joined {
  std::vector<Pair> pairs;                ///< both with a grade, in the order of the benchmark
  std::vector<std::size_t> of_reference;  ///< for each row of the benchmark its prediction with a grade, or kNone
};

/// Lists in `findings` ids that have no entry on the other side; an entry there without a grade is listed already.
Joined join(const GradedList& reference, const GradedList& predictions, Findings& findings);

/// "might be 'a/x', 'b/x' of FILE": what an ambiguous id could mean.
std::string rivals_text(const GradedList& list, const std::vector<std::size_t>& rivals);

/// "an id is 'a' there and 'b' here": for two lists that have nothing in common.
std::string example_ids(const GradedList& first, const GradedList& second);

}  // namespace fovea::tools
