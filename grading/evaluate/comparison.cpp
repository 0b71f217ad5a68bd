// Compares two models: agreement, McNemar's test, and the paired bootstrap of the difference of their kappas.
#include "grading/evaluate/comparison.h"

#include <numeric>
#include <string>
#include <vector>

#include <fovea/error.h>
#include "grading/evaluate/classification.h"
#include "grading/evaluate/confusion.h"
#include "grading/evaluate/groups.h"
#include "grading/evaluate/sample.h"

namespace fovea::evaluate {

namespace {

double quadratic_kappa(const Confusion& confusion) { return kappa(confusion, Disagreement::quadratic); }

/// Both models' confusion matrices, counted anew for each resample.
class Pair {
 public:
  Pair(int classes, std::span<const int> truth, std::span<const int> first, std::span<const int> second)
      : classes_(classes), triples_(keys(truth, first, second)) {}

  std::vector<std::size_t> strata() const {
    std::vector<std::size_t> sizes(static_cast<std::size_t>(classes_));
    for (const Groups::Run& run : triples_.runs) sizes[static_cast<std::size_t>(truth(run))] += run.end - run.begin;
    return sizes;
  }

  struct Scratch {
    explicit Scratch(int classes) : first(classes), second(classes) {}
    Confusion first, second;
  };
  double kappa_difference(std::span<const RowCount> counts, Scratch& scratch) const {
    scratch.first.clear();
    scratch.second.clear();
    for (const Groups::Run& run : triples_.runs) {
      const std::span<const RowCount> rows = counts.subspan(run.begin, run.end - run.begin);
      const std::int64_t count = std::accumulate(rows.begin(), rows.end(), std::int64_t{0});
      const int key = static_cast<int>(run.key);
      scratch.first.add(truth(run), key / classes_ % classes_, count);
      scratch.second.add(truth(run), key % classes_, count);
    }
    return quadratic_kappa(scratch.first) - quadratic_kappa(scratch.second);
  }

 private:
  int truth(const Groups::Run& run) const { return static_cast<int>(run.key) / (classes_ * classes_); }

  std::vector<std::uint32_t> keys(std::span<const int> truth, std::span<const int> first,
                                  std::span<const int> second) const {
    std::vector<std::uint32_t> result(truth.size());
    for (std::size_t row = 0; row < truth.size(); ++row) {
      result[row] = static_cast<std::uint32_t>((truth[row] * classes_ + first[row]) * classes_ + second[row]);
    }
    return result;
  }

  int classes_;
  Groups triples_;  // by true grade, first's, second's
};

}  // namespace

Comparison compare(int classes, std::span<const int> truth, std::span<const int> first, std::span<const int> second,
                   const BootstrapOptions& options) {
  check_grades(classes, truth, first);
  check_grades(classes, truth, second);
  check(options);
  Comparison result;
  result.rows = static_cast<std::int64_t>(truth.size());
  for (std::size_t row = 0; row < truth.size(); ++row) result.same_grade += first[row] == second[row] ? 1 : 0;
  result.mcnemar = mcnemar(truth, first, second);
  result.first_kappa = quadratic_kappa(Confusion(classes, truth, first));
  result.second_kappa = quadratic_kappa(Confusion(classes, truth, second));
  result.kappa_difference = result.first_kappa - result.second_kappa;
  if (options.resamples == 0) return result;
  const Pair pair(classes, truth, first, second);
  std::vector<Pair::Scratch> scratch(static_cast<std::size_t>(options.threads), Pair::Scratch(classes));
  result.kappa_difference_interval =
      percentile_interval(bootstrap(Resampler(pair.strata(), options.seed), options, 1,
                                    [&](std::span<const RowCount> counts, int thread, std::span<double> difference) {
                                      difference[0] =
                                          pair.kappa_difference(counts, scratch[static_cast<std::size_t>(thread)]);
                                    }));
  return result;
}

}  // namespace fovea::evaluate
