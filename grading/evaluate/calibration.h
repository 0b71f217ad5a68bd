// Do probabilities say how often they come true? Losses of single rows, their means, and reliability bins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "grading/evaluate/curves.h"
#include "grading/evaluate/groups.h"
#include "grading/evaluate/sample.h"

namespace fovea::evaluate {

/// (probability - outcome)^2. The mean is scikit-learn's brier_score_loss.
double brier(double probability, bool outcome);
/// -log of the probability given to what came true, which is first clipped to [eps, 1 - eps] (scikit-learn's log_loss).
double log_loss(double probability, bool outcome);

/// The same for all grades at once: the sum of squares over the grades (0 ... 2; brier_score_loss of three and more
/// classes), and the loss of the true grade's probability. For two grades the Brier score is halved, as there.
double brier(std::span<const double> probabilities, int truth);
double log_loss(std::span<const double> probabilities, int truth);

/// Mean of the values, each as often as its row counts.
double mean(std::span<const double> values, std::span<const RowCount> counts);

/// Equal bins over [0, 1]: (low, high], the first with 0 in it. These are calibration_curve's, strategy "uniform".
struct ReliabilityBin {
  double low = 0;
  double high = 0;
  std::int64_t rows = 0, came_true = 0;
  /// Means of its rows; NaN for none.
  double mean_probability = kUndefined;
  double observed = kUndefined;
};

inline constexpr int kMaxBins = 1000;

/// Rows sorted into bins by their probability.
class Reliability {
 public:
  /// `outcome` holds 0 or 1 for each probability; bins in 1 ... kMaxBins.
  Reliability(std::span<const double> probabilities, std::span<const std::uint8_t> outcome, int bins);

  std::vector<ReliabilityBin> bins(std::span<const RowCount> counts) const;

  /// Expected calibration error: the mean over rows of |observed - mean_probability| of their bins.
  double expected_error(std::span<const RowCount> counts) const;

 private:
  struct Sum {
    std::int64_t rows = 0, came_true = 0;
    double probability = 0;
  };
  /// Calls take(bin, sum) for every bin that has rows.
  template <class Take>
  void for_each_bin(std::span<const RowCount> counts, const Take& take) const;

  std::vector<double> edges_;          // between the bins
  Groups groups_;                      // by bin and outcome
  std::vector<double> probabilities_;  // in the order of the groups
};

}  // namespace fovea::evaluate
