// How often each grade occurs, in the benchmark and in the predictions: two bars a grade.
#include <algorithm>
#include <numeric>

#include "tools/common/picture.h"
#include "tools/common/text.h"
#include "tools/compare/chart.h"
#include "tools/compare/pictures.h"

namespace fovea::tools {

namespace {

// Of more grades than fit on a page, the most frequent, in their order.
std::vector<int> shown_grades(const evaluate::Confusion& confusion) {
  constexpr std::size_t kMost = 12;
  std::vector<int> grades(static_cast<std::size_t>(confusion.classes()));
  std::iota(grades.begin(), grades.end(), 0);
  if (grades.size() <= kMost) return grades;
  const auto occurs = [&](int g) { return confusion.true_total(g) + confusion.predicted_total(g); };
  std::stable_sort(grades.begin(), grades.end(), [&](int a, int b) { return occurs(a) > occurs(b); });
  grades.resize(kMost);
  std::sort(grades.begin(), grades.end());
  return grades;
}

void draw_bar(const Page& page, Colour fill, double left, double right, std::int64_t count, double height) {
  if (count > 0) draw_box(page, fill, {left, kBarsBottom}, {right, kBarsBottom + height});
  const double text = std::clamp((right - left) / 3.4, 14.0, 30.0);
  page.text(kInk, {text, true, Align::centre}, {(left + right) / 2, kBarsBottom + height + text * 0.9},
            std::to_string(count));
}

void draw_key(const Page& page, Colour fill, double x, const std::string& text) {
  draw_box(page, fill, {x, 840}, {x + 34, 868});
  page.text(kInk, {27}, {x + 48, 854}, text);
}

}  // namespace

void draw_distributions(const Page& page, const Study& study) {
  const evaluate::Confusion& confusion = study.evaluation.confusion;
  const std::vector<int> grades = shown_grades(confusion);
  const bool cut = static_cast<int>(grades.size()) < confusion.classes();
  std::int64_t largest = 1;
  for (const int g : grades) largest = std::max({largest, confusion.true_total(g), confusion.predicted_total(g)});
  const std::size_t step = axis_step(static_cast<std::size_t>(largest), 6);
  const std::size_t last = (static_cast<std::size_t>(largest) + step - 1) / step * step;
  const double per_image = (kBarsTop - kBarsBottom) / static_cast<double>(last);

  draw_head(page, {cut ? "Benchmark and predicted grades (the most frequent)" : "Benchmark and predicted grades",
                   picture_subtitle(study), picture_mark(study)});
  draw_key(page, kDark, 150, "benchmark");
  draw_key(page, kLight, 420, "predicted");
  for (std::size_t mark = 0; mark <= last; mark += step) {
    const double y = kBarsBottom + static_cast<double>(mark) * per_image;
    page.line(kGridLine, 1.5, {kBarsLeft, y}, {kBarsRight, y});
    page.text(kSoftInk, {25, false, Align::right}, {kBarsLeft - 16, y}, std::to_string(mark));
  }
  page.text(kInk, {27, false, Align::centre, {0, 1}}, {36, (kBarsBottom + kBarsTop) / 2}, "Images");

  const double slot = (kBarsRight - kBarsLeft) / static_cast<double>(grades.size());
  for (std::size_t i = 0; i < grades.size(); ++i) {
    const double centre = kBarsLeft + (static_cast<double>(i) + 0.5) * slot, wide = slot * 0.38;
    const std::int64_t actual = confusion.true_total(grades[i]), predicted = confusion.predicted_total(grades[i]);
    draw_bar(page, kDark, centre - wide, centre, actual, static_cast<double>(actual) * per_image);
    draw_bar(page, kLight, centre, centre + wide, predicted, static_cast<double>(predicted) * per_image);
    const double height = std::clamp(slot / 8, 14.0, 28.0);
    page.text(kInk, {height, true, Align::centre}, {centre, kBarsBottom - height * 1.2}, std::to_string(grades[i]));
    double y = kBarsBottom - height * 1.2;
    const std::string& name = study.classes[static_cast<std::size_t>(grades[i])];
    for (const std::string& line : wrapped(printable(name), static_cast<std::size_t>(slot / (height * 0.56)), 2)) {
      y -= height * 1.35;
      page.text(kInk, {height, false, Align::centre}, {centre, y}, line);
    }
  }
  page.line(kSoftInk, 2, {kBarsLeft, kBarsBottom}, {kBarsRight, kBarsBottom});
}

}  // namespace fovea::tools
