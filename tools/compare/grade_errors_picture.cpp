// The histogram of predicted grade minus benchmark grade.
#include <algorithm>
#include <vector>

#include "tools/common/picture.h"
#include "tools/common/text.h"
#include "tools/compare/chart.h"
#include "tools/compare/pictures.h"

namespace fovea::tools {

namespace {

std::string signed_text(int value) {
  return (value > 0 ? "+" : value < 0 ? "\xE2\x88\x92" : "") + std::to_string(std::abs(value));
}

}  // namespace

void draw_grade_errors(const Page& page, const Study& study) {
  const evaluate::Confusion& confusion = study.evaluation.confusion;
  const int farthest = confusion.classes() - 1;
  std::vector<std::int64_t> counts(2 * static_cast<std::size_t>(farthest) + 1);
  for (int truth = 0; truth <= farthest; ++truth) {
    for (int predicted = 0; predicted <= farthest; ++predicted) {
      const int bin = predicted - truth + farthest;
      counts[static_cast<std::size_t>(bin)] += confusion.at(truth, predicted);
    }
  }
  const auto largest =
      static_cast<std::size_t>(std::max<std::int64_t>(1, *std::max_element(counts.begin(), counts.end())));
  const std::size_t step = axis_step(largest, 6), last = (largest + step - 1) / step * step;
  const double per_image = (kBarsTop - kBarsBottom) / static_cast<double>(last);

  draw_head(page, {"Grade errors", picture_subtitle(study), picture_mark(study)});
  for (std::size_t mark = 0; mark <= last; mark += step) {
    const double y = kBarsBottom + static_cast<double>(mark) * per_image;
    page.line(kGridLine, 1.5, {kBarsLeft, y}, {kBarsRight, y});
    page.text(kSoftInk, {25, false, Align::right}, {kBarsLeft - 16, y}, std::to_string(mark));
  }
  page.text(kInk, {27, false, Align::centre, {0, 1}}, {36, (kBarsBottom + kBarsTop) / 2}, "Images");

  const double slot = (kBarsRight - kBarsLeft) / static_cast<double>(counts.size());
  const double text = std::clamp(slot / 4.5, 12.0, 30.0);
  const int each = static_cast<int>(counts.size()) / 26 + 1;  // of many distances not all are named
  std::int64_t low = 0, high = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const int error = static_cast<int>(i) - farthest;
    const double left = kBarsLeft + (static_cast<double>(i) + 0.1) * slot, right = left + 0.8 * slot;
    const double top = kBarsBottom + static_cast<double>(counts[i]) * per_image;
    if (counts[i] > 0) draw_box(page, error == 0 ? kDark : kLight, {left, kBarsBottom}, {right, top});
    const double centre = (left + right) / 2;
    if (error % each == 0) page.text(kInk, {text, true, Align::centre}, {centre, kBarsBottom - 30}, signed_text(error));
    if (each == 1) page.text(kInk, {text, true, Align::centre}, {centre, top + text * 0.9}, std::to_string(counts[i]));
    (error < 0 ? low : high) += error == 0 ? 0 : counts[i];
  }
  page.line(kSoftInk, 2, {kBarsLeft, kBarsBottom}, {kBarsRight, kBarsBottom});
  page.text(kInk, {27, false, Align::centre}, {(kBarsLeft + kBarsRight) / 2, kBarsBottom - 84},
            "predicted grade \xE2\x88\x92 benchmark grade");
  page.text(kSoftInk, {27}, {kBarsLeft, 848}, "graded too low: " + std::to_string(low));
  page.text(kSoftInk, {27, false, Align::right}, {kBarsRight, 848}, "graded too high: " + std::to_string(high));
}

}  // namespace fovea::tools
