// From a model's outputs to a grade.
#include <algorithm>

#include "layers/error.h"
#include "loaders/card/card.h"

namespace fovea {
namespace {

int decide_thresholds(const std::vector<double>& thresholds, const float* outputs) {
  for (std::size_t i = thresholds.size(); i-- > 1;) {
    if (static_cast<double>(outputs[i]) > thresholds[i]) return static_cast<int>(i);
  }
  return 0;
}

// A value on a cut belongs to the grade above it, as in the notebooks (`pred >= 0.5`).
int decide_regression(const std::vector<double>& cuts, double output) {
  return static_cast<int>(std::upper_bound(cuts.begin(), cuts.end(), output) - cuts.begin());
}

}  // namespace

int decide(const Decision& decision, const float* outputs, int count) {
  ModelCard card;
  card.decision = decision;
  check_outputs(card, count);
  switch (decision.rule) {
    case Decision::Rule::thresholds:
      return decide_thresholds(decision.thresholds, outputs);
    case Decision::Rule::regression:
      return decide_regression(decision.cuts, static_cast<double>(outputs[0]));
    case Decision::Rule::argmax:
      break;
  }
  if (count < 1) throw Error("the model has no outputs");
  return static_cast<int>(std::max_element(outputs, outputs + count) - outputs);
}

}  // namespace fovea
