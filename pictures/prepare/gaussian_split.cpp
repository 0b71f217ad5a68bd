// Whole-number taps as the sum of two parts that together have few terms.
//
// A Gaussian's taps are small numbers, dithered: long stretches repeat themselves two or three apart, with a tap out of
// step here and there. A recursion with that lag costs a term for each smooth[i] - smooth[i - lag] that is not zero,
// and a tap out of step costs two of them; left out of `smooth` it costs one. The places of one remainder modulo the
// lag form a chain, and along each the best choice is found exactly, place by place (Viterbi).
#include "pictures/prepare/gaussian_split.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <utility>

#include "kernels/args/gaussian.h"
#include "pictures/prepare/make_image.h"

namespace fovea {
namespace {

// Taps with a wider range are few, and no recursion pays.
constexpr int kMaxRange = 40;

// A term of the recursion and one beside it cost the same; the difference only settles ties.
constexpr int kRunningTerm = 999, kAddedTerm = 1001;

// The kernels' floats hold no sums of more terms than this exactly: 2^24 over the largest value, 2^15.
constexpr int kMaxWeight = 512;

using Weights = std::vector<int>;

class Chains {
 public:
  Chains(const Weights& taps, int lag)
      : taps_(taps),
        count_(static_cast<int>(taps.size())),
        lag_(lag),
        lowest_(std::min(0, *std::min_element(taps.begin(), taps.end()))),
        values_(std::max(0, *std::max_element(taps.begin(), taps.end())) - lowest_ + 1),
        cheapest_(as_size(values_)),
        next_(as_size(values_)),
        from_(as_size(values_ * (count_ + lag))),
        smooth_(taps.size(), 0) {}

  Weights smooth() {
    for (int chain = 0; chain < std::min(lag_, count_); ++chain) walk(chain);
    return std::move(smooth_);
  }

 private:
  // Nothing stands before a chain's first place and after its last.
  void walk(int first) {
    std::fill(cheapest_.begin(), cheapest_.end(), kNever);
    cheapest_[as_size(-lowest_)] = 0;
    int i = first;
    for (; i < count_; i += lag_) {
      for (int value = 0; value < values_; ++value) {
        const int left = std::abs(taps_[as_size(i)] - (value + lowest_));
        next_[as_size(value)] = arrive(i, value) + std::int64_t{kAddedTerm} * left;
      }
      std::swap(cheapest_, next_);
    }
    int value = -lowest_;
    arrive(i, value);
    for (; i != first; i -= lag_) {
      value = from_[as_size(i * values_ + value)];
      smooth_[as_size(i - lag_)] = value + lowest_;
    }
  }

  // The least that `value` at place i costs, and which value before it that is with.
  std::int64_t arrive(int i, int value) {
    std::int64_t least = kNever;
    for (int before = 0; before < values_; ++before) {
      const std::int64_t sum = cheapest_[as_size(before)] + std::int64_t{kRunningTerm} * std::abs(value - before);
      if (sum >= least) continue;
      least = sum;
      from_[as_size(i * values_ + value)] = before;
    }
    return least;
  }

  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max() / 2;
  const Weights& taps_;
  int count_, lag_, lowest_, values_;
  std::vector<std::int64_t> cheapest_, next_;  // by the value at the last place
  std::vector<int> from_;                      // [place][value]: the value a lag before
  Weights smooth_;
};

GaussianSplit split_with(const Weights& taps, int lag) {
  GaussianSplit split{lag, Weights(taps.size(), 0), taps, Weights(taps.size() + as_size(lag), 0)};
  if (lag == 0) return split;
  split.smooth = Chains(taps, lag).smooth();
  for (std::size_t i = 0; i < taps.size(); ++i) {
    split.running[i] -= split.smooth[i];
    split.running[i + as_size(lag)] += split.smooth[i];
    split.added[i] -= split.smooth[i];
  }
  return split;
}

int magnitude(const Weights& weights) {
  int sum = 0;
  for (const int w : weights) sum += std::abs(w);
  return sum;
}

// Whether no partial sum of the kernels leaves what a float holds exactly.
bool exact(const GaussianSplit& split) {
  return std::max(magnitude(split.running), magnitude(split.smooth) + magnitude(split.added)) <= kMaxWeight;
}

double cost_of(const GaussianSplit& split, const TermCost& cost) {
  double sum = split.lag > 0 ? 2 : 0;  // the recursion's sum that is read, and the one that is kept
  for (const Weights* weights : {&split.running, &split.added}) {
    for (const int w : *weights) sum += std::abs(w) > cost.max_repeat ? cost.scaled : std::abs(w);
  }
  return sum;
}

}  // namespace

GaussianSplit gaussian_split(const std::vector<int>& taps, const TermCost& cost) {
  const auto [least, most] = std::minmax_element(taps.begin(), taps.end());
  const int longest = *most - std::min(0, *least) > kMaxRange ? 0 : kGaussianMaxLag;
  GaussianSplit best = split_with(taps, 0);
  for (int lag = 1; lag <= longest; ++lag) {
    GaussianSplit split = split_with(taps, lag);
    if (exact(split) && cost_of(split, cost) < cost_of(best, cost)) best = std::move(split);
  }
  return best;
}

}  // namespace fovea
