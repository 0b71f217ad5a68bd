// The chart of how often each grade was given.
#include "tools/common/distribution.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <vector>

#include "tools/common/text.h"

namespace fovea::tools {

BarChart distribution_chart(const ModelCard& card, const Counts& counts, const std::string& model_file) {
  constexpr std::size_t kMaxBars = 12;
  std::vector<std::size_t> grades(counts.by_grade.size());
  std::iota(grades.begin(), grades.end(), std::size_t{0});
  const bool cut = grades.size() > kMaxBars;
  if (cut) {
    std::stable_sort(grades.begin(), grades.end(),
                     [&](std::size_t a, std::size_t b) { return counts.by_grade[a] > counts.by_grade[b]; });
    grades.resize(kMaxBars);
    std::sort(grades.begin(), grades.end());
  }

  BarChart chart;
  chart.title = "Predicted grades";
  if (cut) {
    chart.title +=
        " (the " + std::to_string(kMaxBars) + " most frequent of " + std::to_string(counts.by_grade.size()) + ")";
  }
  chart.subtitle = "n = " + count_text(counts.graded, "image") + " · " +
                   printable(std::filesystem::path(model_file).filename().string());
  if (counts.errors > 0) chart.subtitle += " · " + std::to_string(counts.errors) + " not graded";
  chart.y_label = "Images";
  chart.mark = card.demo ? kDemoMark : "";
  bool any_referable = false;
  for (const std::size_t grade : grades) {
    const int number = static_cast<int>(grade);
    const bool referable = is_referable(card, number);
    any_referable = any_referable || referable;
    chart.bars.push_back({std::to_string(grade), class_name(card, number), counts.by_grade[grade], referable});
  }
  if (any_referable) chart.highlight_label = referable_text(card);
  return chart;
}

}  // namespace fovea::tools
