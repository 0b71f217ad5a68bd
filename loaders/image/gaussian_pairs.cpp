// The terms of a weighted sum that stand at one distance from each other again and again, added once.
#include "loaders/image/gaussian_pairs.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace fovea {
namespace {

// The window of every line of pairs wants its place in the first cache.
constexpr std::size_t kMaxPairs = 4;

// So many of the most frequent distances are looked at closely.
constexpr std::size_t kCandidates = 8;

int unit_weight(int weight, int max_repeat) { return std::abs(weight) > max_repeat ? 0 : weight; }

}  // namespace

double GaussianPairs::cost(const TermCost& cost) const {
  double sum = cost.pair * static_cast<double>(pairs_.size());
  for (const std::vector<int>& line : lines_) {
    for (const int weight : line) sum += std::abs(weight) > cost.max_repeat ? cost.scaled : std::abs(weight);
  }
  return sum;
}

// Takes the pair out of `lines` as often as it stands there, into a line of its own at their end. Returns how often.
int GaussianPairs::take(const GaussianPair& pair, int max_repeat, Lines& lines) const {
  const auto first = static_cast<std::size_t>(pair.first), second = static_cast<std::size_t>(pair.second);
  const auto distance = static_cast<std::size_t>(pair.distance);
  const std::size_t places = lines[0].size();
  std::vector<int> pairs(places, 0);
  int count = 0;
  for (std::size_t at = 0; at + distance < places; ++at) {
    const int a = unit_weight(lines[first][at], max_repeat);
    const int b = (pair.minus ? -1 : 1) * unit_weight(lines[second][at + distance], max_repeat);
    if (a == 0 || b == 0 || (a > 0) != (b > 0)) continue;
    const int times = (a > 0 ? 1 : -1) * std::min(std::abs(a), std::abs(b));
    lines[first][at] -= times;
    lines[second][at + distance] -= pair.minus ? -times : times;
    pairs[at] = times;
    count += std::abs(times);
  }
  lines.push_back(std::move(pairs));
  return count;
}

// Pairs by how often two terms stand so, whether or not a term is in several of them.
std::vector<GaussianPair> GaussianPairs::frequent(int max_repeat) const {
  struct Term {
    int line, at, weight;
  };
  std::vector<Term> terms;
  const int lines = static_cast<int>(lines_.size()), places = static_cast<int>(lines_[0].size());
  for (int line = 0; line < lines; ++line) {
    for (int at = 0; at < places; ++at) {
      const int weight = unit_weight(lines_[static_cast<std::size_t>(line)][static_cast<std::size_t>(at)], max_repeat);
      if (weight != 0) terms.push_back({line, at, weight});
    }
  }
  std::vector<int> counts(2 * lines_.size() * lines_.size() * lines_[0].size(), 0);
  for (const Term& a : terms) {
    for (const Term& b : terms) {
      const int distance = b.at - a.at;
      if (distance < 0 || (distance == 0 && a.line >= b.line)) continue;
      const int minus = (a.weight > 0) != (b.weight > 0) ? 1 : 0;
      const int key = ((a.line * lines + b.line) * places + distance) * 2 + minus;
      counts[static_cast<std::size_t>(key)] += std::min(std::abs(a.weight), std::abs(b.weight));
    }
  }
  std::vector<int> keys(counts.size());
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = static_cast<int>(i);
  const auto end = keys.begin() + static_cast<std::ptrdiff_t>(std::min(kCandidates, keys.size()));
  std::partial_sort(keys.begin(), end, keys.end(), [&](int a, int b) {
    const int count_a = counts[static_cast<std::size_t>(a)], count_b = counts[static_cast<std::size_t>(b)];
    return count_a != count_b ? count_a > count_b : a < b;
  });
  std::vector<GaussianPair> pairs;
  for (auto key = keys.begin(); key != end; ++key) {
    const int line = *key / 2 / places;
    pairs.push_back({line / lines, line % lines, *key / 2 % places, *key % 2 == 1, 0});
  }
  return pairs;
}

void GaussianPairs::pair_up(const TermCost& cost) {
  while (pairs_.size() < kMaxPairs) {
    int best_count = 0;
    GaussianPair best{};
    Lines best_lines;
    for (const GaussianPair& pair : frequent(cost.max_repeat)) {
      Lines lines = lines_;
      const int count = take(pair, cost.max_repeat, lines);
      if (count <= best_count) continue;
      best_count = count;
      best = pair;
      best_lines = std::move(lines);
    }
    if (best_count <= cost.pair) return;
    const auto reach = [&](int line) { return line == 0 ? 0 : pairs_[static_cast<std::size_t>(line - 1)].reach; };
    best.reach = std::max(reach(best.first), best.distance + reach(best.second));
    lines_ = std::move(best_lines);
    pairs_.push_back(best);
  }
}

}  // namespace fovea
