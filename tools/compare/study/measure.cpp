// From joined lists to metrics.
#include "tools/compare/study/measure.h"

#include <iterator>

#include <fovea/error.h>
#include "text/text.h"
#include "tools/compare/study/yes_no.h"

namespace fovea::tools {

namespace {

[[noreturn]] void nothing_in_common(const GradedList& reference, const GradedList& predictions) {
  throw Error(printable(reference.file) + ": no id has both a grade and a prediction in " +
              printable(predictions.file) + ", there is nothing to compare: " + example_ids(reference, predictions));
}

}  // namespace

void measure(Study& study) {
  if (study.joined.pairs.empty()) nothing_in_common(study.reference, study.predictions.list);
  const auto classes = static_cast<std::size_t>(study.reference.classes);
  const std::vector<double>& probabilities = study.predictions.list.probabilities;
  study.sample.classes = study.reference.classes;
  for (const Pair& pair : study.joined.pairs) {
    study.sample.truth.push_back(study.reference_of(pair).grade);
    study.sample.predicted.push_back(study.prediction_of(pair).grade);
    if (probabilities.empty()) continue;
    const auto first = probabilities.begin() + static_cast<std::ptrdiff_t>(pair.prediction * classes);
    study.sample.probabilities.insert(study.sample.probabilities.end(), first,
                                      first + static_cast<std::ptrdiff_t>(classes));
  }
  study.evaluation = evaluate::evaluate(study.sample, study.options);
  study.warnings = scale_warnings(study);
  if (yes_no_side(study) == YesNoSide::none) return;
  std::vector<evaluate::Metric> metrics = yes_no_metrics(study);
  std::vector<evaluate::Metric>& all = study.evaluation.metrics;
  all.insert(all.begin(), std::make_move_iterator(metrics.begin()), std::make_move_iterator(metrics.end()));
}

SecondModel measure_second(const Study& study, Predictions second, Findings& findings) {
  const Joined joined = join(study.reference, second.list, findings);
  SecondModel result;
  std::vector<int> truth, first_grades, second_grades;
  for (const Pair& pair : joined.pairs) {
    const std::size_t first = study.joined.of_reference[pair.reference];
    if (first == kNone) continue;
    truth.push_back(study.reference_of(pair).grade);
    first_grades.push_back(study.predictions.list.entries[first].grade);
    second_grades.push_back(second.list.entries[pair.prediction].grade);
    if (first_grades.back() != second_grades.back()) {
      result.disagreements.push_back({pair.reference, first_grades.back(), second_grades.back()});
    }
  }
  if (truth.empty()) nothing_in_common(study.reference, second.list);
  result.comparison =
      evaluate::compare(study.reference.classes, truth, first_grades, second_grades, study.options.bootstrap);
  result.predictions = std::move(second);
  return result;
}

}  // namespace fovea::tools
