// Losses of probabilities, and reliability bins.
#include "grading/evaluate/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fovea::evaluate {

namespace {

double clipped_log(double probability) {
  constexpr double eps = std::numeric_limits<double>::epsilon();
  return std::log(std::clamp(probability, eps, 1 - eps));
}

/// Upper edges of all bins but the last, which ends at 1.
std::vector<double> inner_edges(int bins) {
  std::vector<double> edges;
  for (int i = 1; i < bins; ++i) edges.push_back(i * (1.0 / bins));
  return edges;
}

}  // namespace

double brier(double probability, bool outcome) {
  const double error = probability - (outcome ? 1 : 0);
  return error * error;
}

double log_loss(double probability, bool outcome) { return -clipped_log(outcome ? probability : 1 - probability); }

double brier(std::span<const double> probabilities, int truth) {
  double sum = 0;
  for (std::size_t grade = 0; grade < probabilities.size(); ++grade) {
    sum += brier(probabilities[grade], grade == static_cast<std::size_t>(truth));
  }
  return probabilities.size() < 3 ? sum / 2 : sum;
}

double log_loss(std::span<const double> probabilities, int truth) {
  return -clipped_log(probabilities[static_cast<std::size_t>(truth)]);
}

double mean(std::span<const double> values, std::span<const RowCount> counts) {
  // Four sums, so that additions need not wait for each other.
  double sum[4] = {};
  std::int64_t total = 0;
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    for (std::size_t k = 0; k < 4; ++k) {
      sum[k] += values[i + k] * counts[i + k];
      total += counts[i + k];
    }
  }
  for (; i < values.size(); ++i) {
    sum[0] += values[i] * counts[i];
    total += counts[i];
  }
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) / static_cast<double>(total);
}

Reliability::Reliability(std::span<const double> probabilities, std::span<const std::uint8_t> outcome, int bins)
    : edges_(inner_edges(bins)) {
  // The key of a run is 2 * bin + outcome.
  std::vector<std::uint32_t> keys(probabilities.size());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    const auto bin = std::lower_bound(edges_.begin(), edges_.end(), probabilities[row]) - edges_.begin();
    keys[row] = 2 * static_cast<std::uint32_t>(bin) + (outcome[row] != 0 ? 1 : 0);
  }
  groups_ = Groups(keys);
  probabilities_.reserve(keys.size());
  for (const std::uint32_t row : groups_.order) probabilities_.push_back(probabilities[row]);
}

template <class Take>
void Reliability::for_each_bin(std::span<const RowCount> counts, const Take& take) const {
  Sum sum;
  for (std::size_t g = 0; g < groups_.runs.size(); ++g) {
    const Groups::Run& run = groups_.runs[g];
    std::int64_t rows = 0;
    double probability = 0;
    for (std::size_t i = run.begin; i < run.end; ++i) {
      const RowCount count = counts[groups_.order[i]];
      rows += count;
      probability += probabilities_[i] * count;
    }
    sum.rows += rows;
    if (run.key % 2 == 1) sum.came_true += rows;
    sum.probability += probability;
    const bool last_of_bin = g + 1 == groups_.runs.size() || groups_.runs[g + 1].key / 2 != run.key / 2;
    if (!last_of_bin) continue;
    take(run.key / 2, sum);
    sum = {};
  }
}

std::vector<ReliabilityBin> Reliability::bins(std::span<const RowCount> counts) const {
  std::vector<ReliabilityBin> bins(edges_.size() + 1);
  for (std::size_t i = 0; i < bins.size(); ++i) {
    bins[i].low = i == 0 ? 0 : edges_[i - 1];
    bins[i].high = i == edges_.size() ? 1 : edges_[i];
  }
  for_each_bin(counts, [&](std::uint32_t bin, const Sum& sum) {
    if (sum.rows == 0) return;
    const auto rows = static_cast<double>(sum.rows);
    bins[bin].rows = sum.rows;
    bins[bin].came_true = sum.came_true;
    bins[bin].mean_probability = sum.probability / rows;
    bins[bin].observed = static_cast<double>(sum.came_true) / rows;
  });
  return bins;
}

double Reliability::expected_error(std::span<const RowCount> counts) const {
  double gaps = 0;
  std::int64_t rows = 0;
  for_each_bin(counts, [&](std::uint32_t, const Sum& sum) {
    gaps += std::abs(static_cast<double>(sum.came_true) - sum.probability);
    rows += sum.rows;
  });
  return gaps / static_cast<double>(rows);
}

}  // namespace fovea::evaluate
