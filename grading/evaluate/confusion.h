// Counts of (true grade, predicted grade).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fovea::evaluate {

class Confusion {
 public:
  /// An empty matrix for grades 0 ... classes - 1.
  explicit Confusion(int classes);
  /// Counts the pairs; grades must be in range.
  Confusion(int classes, std::span<const int> truth, std::span<const int> predicted);

  void clear();
  void add(int truth, int predicted, std::int64_t count);

  int classes() const { return classes_; }
  std::int64_t at(int truth, int predicted) const { return cells_[index(truth, predicted)]; }
  std::int64_t total() const { return total_; }
  /// Rows that bear this grade in the reference, and those that were given it.
  std::int64_t true_total(int grade) const { return true_totals_[static_cast<std::size_t>(grade)]; }
  std::int64_t predicted_total(int grade) const { return predicted_totals_[static_cast<std::size_t>(grade)]; }
  /// Rows whose grade was right.
  std::int64_t right() const { return right_; }

 private:
  std::size_t index(int truth, int predicted) const {
    return static_cast<std::size_t>(truth) * static_cast<std::size_t>(classes_) + static_cast<std::size_t>(predicted);
  }

  int classes_;
  std::vector<std::int64_t> cells_, true_totals_, predicted_totals_;
  std::int64_t total_ = 0, right_ = 0;
};

}  // namespace fovea::evaluate
