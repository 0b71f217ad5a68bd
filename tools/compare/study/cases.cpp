// The images that a reader should look at.
#include "tools/compare/study/cases.h"

#include <algorithm>
#include <cstdlib>

#include "tools/compare/input/grade_cell.h"

namespace fovea::tools {

namespace {

double probability_of(const Study& study, std::size_t row, int grade) {
  return study.sample.has_probabilities() ? study.sample.row_probabilities(row)[static_cast<std::size_t>(grade)] : 0;
}

// Keeps the best `most` of `cases`, in order; equals stay in the benchmark's.
template <typename Better>
Cases best_of(std::vector<Case> cases, std::size_t most, Better better) {
  Cases result{cases.size(), {}};
  const std::size_t shown = std::min(most, cases.size());
  std::partial_sort(cases.begin(), cases.begin() + static_cast<std::ptrdiff_t>(shown), cases.end(),
                    [&](const Case& a, const Case& b) {
                      if (better(a, b)) return true;
                      return !better(b, a) && a.row < b.row;
                    });
  cases.resize(shown);
  result.shown = std::move(cases);
  return result;
}

template <typename Wanted>
std::vector<Case> wrong_where(const Study& study, Wanted wanted) {
  std::vector<Case> cases;
  for (std::size_t row = 0; row < study.sample.rows(); ++row) {
    if (study.sample.truth[row] != study.sample.predicted[row] && wanted(row)) {
      cases.push_back({study.joined.pairs[row], row});
    }
  }
  return cases;
}

template <typename Wanted>
Cases worst_first(const Study& study, std::size_t most, Wanted wanted) {
  const auto distance = [&](const Case& c) {
    return std::abs(study.sample.truth[c.row] - study.sample.predicted[c.row]);
  };
  const auto sureness = [&](const Case& c) { return probability_of(study, c.row, study.sample.predicted[c.row]); };
  return best_of(wrong_where(study, wanted), most, [&](const Case& a, const Case& b) {
    const Harm harm_a = harm_of(study, a.row), harm_b = harm_of(study, b.row);
    if (harm_a != harm_b) return harm_a < harm_b;
    return distance(a) != distance(b) ? distance(a) > distance(b) : sureness(a) > sureness(b);
  });
}

}  // namespace

Harm harm_of(const Study& study, std::size_t row) {
  const int truth = study.sample.truth[row], predicted = study.sample.predicted[row];
  const bool proliferative = proliferative_grade(study.classes) == truth && predicted < truth;
  if (truth >= study.referable && predicted < study.referable) {
    return proliferative ? Harm::proliferative_missed : Harm::referable_missed;
  }
  return proliferative ? Harm::proliferative_lowered : Harm::other;
}

std::string harm_name(Harm harm) {
  switch (harm) {
    case Harm::proliferative_missed:
      return "missed proliferative";
    case Harm::referable_missed:
      return "missed referable";
    case Harm::proliferative_lowered:
      return "proliferative graded lower";
    case Harm::other:
      return "other";
  }
  return "";
}

Cases missed_cases(const Study& study, std::size_t most) {
  return worst_first(study, most, [&](std::size_t row) { return harm_of(study, row) != Harm::other; });
}

Cases other_wrong_cases(const Study& study, std::size_t most) {
  return worst_first(study, most, [&](std::size_t row) { return harm_of(study, row) == Harm::other; });
}

Cases suspected_label_errors(const Study& study, std::size_t most) {
  const auto sureness = [&](std::size_t row) { return probability_of(study, row, study.sample.predicted[row]); };
  const auto gap = [&](const Case& c) {
    return sureness(c.row) - probability_of(study, c.row, study.sample.truth[c.row]);
  };
  return best_of(wrong_where(study, [&](std::size_t row) { return sureness(row) >= kConfident; }), most,
                 [&](const Case& a, const Case& b) { return gap(a) > gap(b); });
}

}  // namespace fovea::tools
