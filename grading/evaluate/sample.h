// What is evaluated: the reference's grades, the predicted ones and, where they are known, the probabilities.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fovea::evaluate {

inline constexpr int kMaxClasses = 100;
/// Rows that memory is bounded for: about 250 bytes a row with probabilities of five grades.
inline constexpr std::size_t kMaxRows = 10'000'000;
/// How far the probabilities of a row may be from a sum of 1: those of a file may be rounded to two decimals.
inline constexpr double kSumTolerance = 0.05;

/// One entry of `truth` and `predicted` for each image, grades 0 ... classes - 1.
struct Sample {
  int classes = 5;
  std::vector<int> truth;
  std::vector<int> predicted;
  /// [row][grade], or empty: then metrics that need probabilities are left out.
  std::vector<double> probabilities;

  std::size_t rows() const { return truth.size(); }
  bool has_probabilities() const { return !probabilities.empty(); }
  std::span<const double> row_probabilities(std::size_t row) const;
};

/// Throws Error, naming the row counted from 1, unless there is at least one row, the vectors have fitting lengths,
/// grades are in range, probabilities are in [0, 1] and their sums close to 1.
void check(const Sample& sample);

/// The part of it that is about grades alone, for grades that are kept elsewhere.
void check_grades(int classes, std::span<const int> truth, std::span<const int> predicted);

/// The probability of `grade` or worse, for every row: its probabilities added from `grade` upwards, at most 1.
std::vector<double> tail_probabilities(const Sample& sample, int grade);

}  // namespace fovea::evaluate
