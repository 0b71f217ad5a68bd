// McNemar's test, exact and by chi-square.
#include "grading/evaluate/mcnemar.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>

namespace fovea::evaluate {

namespace {

/// P(at most k heads of n tosses), k <= n / 2. Starts in the middle, where a count is likeliest, and needs no
/// factorials: each count is a known share of its neighbour, and far out nothing is left of them.
double few_heads(std::int64_t k, std::int64_t n) {
  double term = 1, all = 0, few = 0;  // in units of the likeliest count
  for (std::int64_t heads = n / 2; heads >= 0 && term > 0; --heads) {
    const bool its_own_mirror = 2 * heads == n;
    all += its_own_mirror ? term : 2 * term;
    if (heads <= k) few += term;
    term *= static_cast<double>(heads) / static_cast<double>(n - heads + 1);
  }
  return few / all;
}

}  // namespace

McNemar mcnemar(std::int64_t both_right, std::int64_t only_first_right, std::int64_t only_second_right,
                std::int64_t both_wrong) {
  McNemar test{both_right, only_first_right, only_second_right, both_wrong};
  const std::int64_t differing = only_first_right + only_second_right;
  if (differing == 0) return test;
  test.exact_p = std::min(1.0, 2 * few_heads(std::min(only_first_right, only_second_right), differing));
  const auto distance = static_cast<double>(std::abs(only_first_right - only_second_right) - 1);
  test.chi_square = distance * distance / static_cast<double>(differing);
  test.chi_square_p = std::erfc(std::sqrt(test.chi_square / 2));  // one degree of freedom
  return test;
}

McNemar mcnemar(std::span<const int> truth, std::span<const int> first, std::span<const int> second) {
  std::int64_t counts[2][2] = {};
  for (std::size_t row = 0; row < truth.size(); ++row) {
    ++counts[first[row] == truth[row] ? 1 : 0][second[row] == truth[row] ? 1 : 0];
  }
  return mcnemar(counts[1][1], counts[1][0], counts[0][1], counts[0][0]);
}

}  // namespace fovea::evaluate
