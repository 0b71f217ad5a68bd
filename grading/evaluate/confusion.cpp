// Counts of (true grade, predicted grade), and their sums.
#include "grading/evaluate/confusion.h"

#include <algorithm>

namespace fovea::evaluate {

Confusion::Confusion(int classes)
    : classes_(classes),
      cells_(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes)),
      true_totals_(static_cast<std::size_t>(classes)),
      predicted_totals_(static_cast<std::size_t>(classes)) {}

Confusion::Confusion(int classes, std::span<const int> truth, std::span<const int> predicted) : Confusion(classes) {
  for (std::size_t row = 0; row < truth.size(); ++row) add(truth[row], predicted[row], 1);
}

void Confusion::clear() {
  std::fill(cells_.begin(), cells_.end(), 0);
  std::fill(true_totals_.begin(), true_totals_.end(), 0);
  std::fill(predicted_totals_.begin(), predicted_totals_.end(), 0);
  total_ = right_ = 0;
}

void Confusion::add(int truth, int predicted, std::int64_t count) {
  cells_[index(truth, predicted)] += count;
  true_totals_[static_cast<std::size_t>(truth)] += count;
  predicted_totals_[static_cast<std::size_t>(predicted)] += count;
  total_ += count;
  if (truth == predicted) right_ += count;
}

}  // namespace fovea::evaluate
