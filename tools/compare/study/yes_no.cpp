// Labels that say yes or no where the other side has grades.
#include "tools/compare/study/yes_no.h"

#include <algorithm>
#include <set>

#include "text/text.h"

namespace fovea::tools {

namespace {

int highest(const std::vector<int>& grades) {
  return grades.empty() ? 0 : *std::max_element(grades.begin(), grades.end());
}

evaluate::Sample yes_no_sample(const Study& study, int grade, YesNoSide side) {
  const evaluate::Sample& all = study.sample;
  const auto yes = [&](int value, bool is_yes_no) { return value >= (is_yes_no ? 1 : grade) ? 1 : 0; };
  evaluate::Sample sample{.classes = 2};
  for (std::size_t row = 0; row < all.rows(); ++row) {
    sample.truth.push_back(yes(all.truth[row], side == YesNoSide::benchmark));
    sample.predicted.push_back(yes(all.predicted[row], side == YesNoSide::predictions));
  }
  // Probabilities of a model that says yes or no in five grades are none of "grade 2 and above".
  if (!all.has_probabilities() || side == YesNoSide::predictions) return sample;
  for (const double p : evaluate::tail_probabilities(all, grade)) {
    sample.probabilities.insert(sample.probabilities.end(), {1 - p, p});
  }
  return sample;
}

}  // namespace

YesNoSide yes_no_side(const Study& study) {
  if (study.sample.classes < 3) return YesNoSide::none;
  const int truth = highest(study.sample.truth), predicted = highest(study.sample.predicted);
  if (truth == 1 && predicted > 1) return YesNoSide::benchmark;
  return predicted == 1 && truth > 1 && !study.sample.has_probabilities() ? YesNoSide::predictions : YesNoSide::none;
}

std::vector<evaluate::Metric> yes_no_metrics(const Study& study) {
  const YesNoSide side = yes_no_side(study);
  std::vector<evaluate::Metric> metrics;
  for (const int grade : std::set<int, std::greater<>>{study.referable, 1}) {
    evaluate::EvaluationOptions options = study.options;
    options.referable = 1;
    for (evaluate::Metric& metric : evaluate::evaluate(yes_no_sample(study, grade, side), options).metrics) {
      constexpr std::string_view kPrefix = "referable_";
      const bool overall = metric.key == "accuracy" || metric.key == "kappa";
      if (!overall && !metric.key.starts_with(kPrefix)) continue;
      const std::string key = overall ? metric.key : metric.key.substr(kPrefix.size());
      metric.key = "yes_no_" + std::to_string(grade) + "_" + key;
      metric.group = evaluate::Group::yes_no;
      metric.grade = grade;
      metrics.push_back(std::move(metric));
    }
  }
  return metrics;
}

std::vector<std::string> scale_warnings(const Study& study) {
  std::vector<std::string> warnings;
  const std::string benchmark = printable(study.reference.file), list = printable(study.predictions.list.file);
  const std::string reach = "the predictions reach " + std::to_string(highest(study.sample.predicted));
  const YesNoSide side = yes_no_side(study);
  const int truth = highest(study.sample.truth), predicted = highest(study.sample.predicted);
  if (side == YesNoSide::benchmark) {
    warnings.push_back(benchmark + ": its grades are 0 and 1 alone, as if they said yes or no, and " + reach +
                       "; see the comparison as yes or no, what follows it takes 0 and 1 for grades");
  } else if (side == YesNoSide::predictions) {
    warnings.push_back(list + ": its grades are 0 and 1 alone, as if they said yes or no, and the benchmark's reach " +
                       std::to_string(truth) +
                       "; see the comparison as yes or no, what follows it takes 0 and 1 for grades");
  } else if (truth >= 1 && predicted > truth) {
    warnings.push_back(benchmark + ": its highest grade is " + std::to_string(truth) + ", and " + reach +
                       "; a scale that ends there (Messidor's of 0 to 3) is not the one that was predicted in");
  }
  const auto beyond = static_cast<std::size_t>(
      std::count_if(study.findings.list().begin(), study.findings.list().end(), [&](const Finding& finding) {
        return finding.problem == Problem::grade_out_of_range && finding.file == study.reference.file;
      }));
  if (beyond > 0) {
    warnings.push_back(benchmark + ": " + count_text(beyond, "image") +
                       " left out for grades that the predictions do not have (0 to " +
                       std::to_string(study.sample.classes - 1) +
                       "): what is measured is measured on the others alone");
  }
  return warnings;
}

}  // namespace fovea::tools
