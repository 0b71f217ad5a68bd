// How often each grade occurs, in the benchmark and in the predictions: two bars a grade.
#include <algorithm>
#include <numeric>

#include "text/text.h"
#include "tools/common/drawing/bars.h"
#include "tools/compare/charts/pictures.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kMostGrades = 12;

// Of more grades than are shown, the most frequent, in their order.
std::vector<int> shown_grades(const evaluate::Confusion& confusion) {
  std::vector<int> grades(static_cast<std::size_t>(confusion.classes()));
  std::iota(grades.begin(), grades.end(), 0);
  if (grades.size() <= kMostGrades) return grades;
  const auto occurs = [&](int g) { return confusion.true_total(g) + confusion.predicted_total(g); };
  std::stable_sort(grades.begin(), grades.end(), [&](int a, int b) { return occurs(a) > occurs(b); });
  grades.resize(kMostGrades);
  std::sort(grades.begin(), grades.end());
  return grades;
}

Bar bar_of(Colour fill, std::int64_t count, std::int64_t all) {
  const double share = 100 * static_cast<double>(count) / static_cast<double>(all);
  return {fill, static_cast<double>(count), std::to_string(count) + " (" + fixed_text(share, 1) + " %)"};
}

}  // namespace

void draw_distributions(Drawing& drawing, const Study& study) {
  const evaluate::Confusion& confusion = study.evaluation.confusion;
  const std::vector<int> grades = shown_grades(confusion);
  std::vector<BarKey> keys{{kDark, "benchmark"}, {kLight, "predicted"}};
  if (static_cast<int>(grades.size()) < confusion.classes()) {
    keys.front().text += " (the " + std::to_string(grades.size()) + " most frequent of " +
                         std::to_string(confusion.classes()) + " grades)";
  }
  std::vector<BarGroup> groups;
  for (const int grade : grades) {
    groups.push_back({printable(grade_text(study.classes, grade)),
                      {bar_of(kDark, confusion.true_total(grade), confusion.total()),
                       bar_of(kLight, confusion.predicted_total(grade), confusion.total())}});
  }
  draw_bars(drawing, keys, groups);
}

}  // namespace fovea::tools
