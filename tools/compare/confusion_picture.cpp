// The confusion matrix, twice: counts, and the share of each benchmark grade.
#include <algorithm>

#include "tools/common/text.h"
#include "tools/compare/chart.h"
#include "tools/compare/pictures.h"

namespace fovea::tools {

namespace {

constexpr double kMatrixSide = 600, kFoot = 170;
constexpr int kMostNumbers = 12;  // a matrix of more grades has no room for numbers

Colour shade(double share) {
  const auto mix = [&](int from, int to) { return static_cast<int>(from + (to - from) * share); };
  return {mix(kPaper.red, kDark.red), mix(kPaper.green, kDark.green), mix(kPaper.blue, kDark.blue)};
}

class Panel {
 public:
  Panel(const Page& page, const Study& study, double left)
      : page_(page), confusion_(study.evaluation.confusion), left_(left) {}

  void draw(const std::string& title, bool shares) const {
    const int n = confusion_.classes();
    page_.text(kInk, {30, true, Align::centre}, {left_ + kMatrixSide / 2, kFoot + kMatrixSide + 34}, title);
    for (int truth = 0; truth < n; ++truth) {
      for (int predicted = 0; predicted < n; ++predicted) draw_cell(truth, predicted, shares);
    }
    for (int grade = 0; grade < n; ++grade) draw_label(grade);
    page_.text(kInk, {27, false, Align::centre}, {left_ + kMatrixSide / 2, kFoot - 78}, "predicted grade");
    page_.text(kInk, {27, false, Align::centre, {0, 1}}, {left_ - 66, kFoot + kMatrixSide / 2}, "benchmark grade");
  }

 private:
  double cell() const { return kMatrixSide / confusion_.classes(); }

  void draw_cell(int truth, int predicted, bool shares) const {
    const std::int64_t count = confusion_.at(truth, predicted), of = confusion_.true_total(truth);
    const double share = of == 0 ? 0 : static_cast<double>(count) / static_cast<double>(of);
    const Point corner{left_ + predicted * cell(), kFoot + kMatrixSide - (truth + 1) * cell()};
    const Point opposite{corner.x + cell(), corner.y + cell()};
    draw_box(page_, shade(share), corner, opposite);
    if (confusion_.classes() > kMostNumbers) return;
    std::string text = std::to_string(count);
    if (shares) text = of == 0 ? "-" : fixed_text(100 * share, 1) + " %";
    const double height = std::min(std::clamp(cell() / 4, 13.0, 32.0), 1.3 * cell() / static_cast<double>(text.size()));
    page_.text(share > 0.5 ? kPaper : kInk, {height, truth == predicted, Align::centre},
               {corner.x + cell() / 2, corner.y + cell() / 2}, text);
  }

  void draw_label(int grade) const {
    const int each = confusion_.classes() / 20 + 1;  // of many grades not all are named
    if (grade % each != 0) return;
    const double at = (grade + 0.5) * cell();
    page_.text(kSoftInk, {26, true, Align::centre}, {left_ + at, kFoot - 28}, std::to_string(grade));
    page_.text(kSoftInk, {26, true, Align::right}, {left_ - 14, kFoot + kMatrixSide - at}, std::to_string(grade));
  }

  const Page& page_;
  const evaluate::Confusion& confusion_;
  double left_;
};

}  // namespace

void draw_confusion(const Page& page, const Study& study) {
  draw_head(page, {"Confusion matrix", picture_subtitle(study), picture_mark(study)});
  Panel(page, study, 140).draw("images", false);
  Panel(page, study, 920).draw("share of the benchmark grade", true);
  std::string names;
  for (int grade = 0; grade < study.sample.classes && study.sample.classes <= kMostNumbers; ++grade) {
    if (study.classes[static_cast<std::size_t>(grade)].empty()) continue;
    names += (names.empty() ? "" : " · ") + printable(grade_text(study.classes, grade));
  }
  page.text(kSoftInk, {24, false, Align::centre}, {kPageWidth / 2, 866}, fitted(names, 24, 1500));
}

}  // namespace fovea::tools
