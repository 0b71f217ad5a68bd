// The chart of how often each grade was given.
#include "tools/predict/distribution.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <vector>

#include "text/text.h"
#include "tools/common/drawing/bars.h"
#include "tools/common/drawing/paper.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kMostBars = 12;

// Of more grades than are shown, the most frequent, in their order.
std::vector<std::size_t> shown_grades(const Counts& counts) {
  std::vector<std::size_t> grades(counts.by_grade.size());
  std::iota(grades.begin(), grades.end(), std::size_t{0});
  if (grades.size() <= kMostBars) return grades;
  std::stable_sort(grades.begin(), grades.end(),
                   [&](std::size_t a, std::size_t b) { return counts.by_grade[a] > counts.by_grade[b]; });
  grades.resize(kMostBars);
  std::sort(grades.begin(), grades.end());
  return grades;
}

}  // namespace

Drawing distribution_drawing(const ModelCard& card, const Counts& counts, const std::string& model_file) {
  const std::vector<std::size_t> grades = shown_grades(counts);
  PaperHead head;
  head.title = "Predicted grades";
  if (grades.size() < counts.by_grade.size()) {
    head.title +=
        " (the " + std::to_string(grades.size()) + " most frequent of " + std::to_string(counts.by_grade.size()) + ")";
  }
  head.subtitle = "n = " + count_text(counts.graded, "image") + " · " +
                  printable(std::filesystem::path(model_file).filename().string());
  if (counts.errors > 0) head.subtitle += " · " + std::to_string(counts.errors) + " not graded";
  head.mark = card.demo ? kDemoMark : "";

  const std::size_t all = std::accumulate(counts.by_grade.begin(), counts.by_grade.end(), std::size_t{0});
  std::vector<BarGroup> groups;
  bool any_referable = false;
  for (const std::size_t grade : grades) {
    const int number = static_cast<int>(grade);
    const std::size_t count = counts.by_grade[grade];
    const bool referable = is_referable(card, number);
    any_referable = any_referable || referable;
    const std::string name = class_name(card, number);
    groups.push_back({std::to_string(grade) + (name.empty() ? "" : " " + printable(name)),
                      {{referable ? kLight : kDark, static_cast<double>(count),
                        std::to_string(count) + " (" + share_text(count, all) + ")"}}});
  }
  std::vector<BarKey> keys;
  if (any_referable) keys.push_back({kLight, referable_text(card)});
  return paper(head, [&](Drawing& drawing) { draw_bars(drawing, keys, groups); });
}

}  // namespace fovea::tools
