// How to sum with a Gaussian's taps cheaply: a recursion, and lines of pairs that several of its terms share.
#include "loaders/image/gaussian_plan.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace fovea {
namespace {

// Longer lags do not pay up to sigma 60, and each is a row of sums to keep.
constexpr int kMaxLag = 16;

// Pairs are looked for in those with the fewest terms.
constexpr std::size_t kLagsPaired = 4;

// s[i] - s[i - lag]: the taps around i less those around i - lag; the taps themselves with lag 0.
std::vector<int> running_taps(const std::vector<int>& taps, int lag) {
  if (lag == 0) return taps;
  std::vector<int> result(taps.size() + static_cast<std::size_t>(lag), 0);
  for (std::size_t i = 0; i < taps.size(); ++i) {
    result[i] -= taps[i];
    result[i + static_cast<std::size_t>(lag)] += taps[i];
  }
  return result;
}

struct Choice {
  int lag;
  GaussianPairs taps;
  double cost;
};

Choice choose(const std::vector<int>& taps, const TermCost& cost) {
  std::vector<Choice> choices;
  for (int lag = 0; lag <= kMaxLag; ++lag) {
    GaussianPairs unpaired(running_taps(taps, lag));
    const double sum = unpaired.cost(cost) + (lag > 0 ? 1 : 0);  // 1: the sum it goes on from
    choices.push_back({lag, std::move(unpaired), sum});
  }
  const auto cheaper = [](const Choice& a, const Choice& b) { return a.cost < b.cost; };
  std::stable_sort(choices.begin(), choices.end(), cheaper);
  choices.erase(choices.begin() + kLagsPaired, choices.end());
  for (Choice& choice : choices) {
    const double before = choice.taps.cost(cost);
    choice.taps.pair_up(cost);
    choice.cost += choice.taps.cost(cost) - before;
  }
  return *std::min_element(choices.begin(), choices.end(), cheaper);
}

}  // namespace

// `first`: the place of the first weight, seen from the sum's own.
void GaussianPlan::Terms::add(const std::vector<int>& weights, std::int32_t first, const TermCost& cost) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const int weight = weights[i];
    const std::int32_t at = first + static_cast<std::int32_t>(i);
    if (std::abs(weight) > cost.max_repeat) {
      scaled.push_back(at);
      factors.push_back(weight);
    } else {
      auto& list = weight > 0 ? plus : minus;
      list.insert(list.end(), static_cast<std::size_t>(std::abs(weight)), at);
    }
  }
}

WeightedSum GaussianPlan::Terms::view() const {
  return {plus.data(),
          minus.data(),
          scaled.data(),
          factors.data(),
          static_cast<int>(plus.size()),
          static_cast<int>(minus.size()),
          static_cast<int>(scaled.size())};
}

GaussianPlan::GaussianPlan(const std::vector<int>& taps, TermCost cost, int count, int pad)
    : radius_(static_cast<int>(taps.size()) / 2) {
  Choice best = choose(taps, cost);
  lag_ = best.lag;
  pairs_ = best.taps.pairs();
  line_places_ = reach_before() + count + reach_after() + pad;
  direct_.add(taps, -radius_, cost);
  for (int line = 0; line < lines(); ++line) {
    running_.add(best.taps.line(line), line * line_places_ - reach_before(), cost);
  }
}

GaussianSums GaussianPlan::sums(int direct_count) const {
  return {direct_.view(), running_.view(), pairs_.data(), static_cast<int>(pairs_.size()), line_places_, lag_,
          direct_count,   reach_before(),  reach_after()};
}

}  // namespace fovea
