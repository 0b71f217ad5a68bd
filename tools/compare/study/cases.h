// The images that a reader should look at: where the model is far off, and where the benchmark may be.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/compare/study/study.h"

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

/// What is wrong with a wrong grade, the worst for the patient first.
enum class Harm {
  proliferative_missed,   ///< proliferative, and predicted below referable
  referable_missed,       ///< referable, and predicted below it
  proliferative_lowered,  ///< proliferative, and predicted as another referable grade
  other,
};
Harm harm_of(const Study& study, std::size_t row);
/// "missed proliferative" and so on, as it stands in worst_cases.csv.
std::string harm_name(Harm harm);

/// Missed eyes, which are to be read first: wrong grades of any harm but `other`, by harm, then the farthest off first,
/// then (with probabilities) the surest, then in the benchmark's order.
Cases missed_cases(const Study& study, std::size_t most);
/// All other wrong grades, in the same order.
Cases other_wrong_cases(const Study& study, std::size_t most);
/// Confidently different: the predicted grade has a probability of at least kConfident. Those first whose two grades
/// differ most in probability. Needs probabilities.
Cases suspected_label_errors(const Study& study, std::size_t most);

}  // namespace fovea::tools
