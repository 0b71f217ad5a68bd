// The confusion matrix: in every cell its images and their share of the benchmark's grade.
#include <algorithm>
#include <array>
#include <cmath>

#include "text/text.h"
#include "text/text_width.h"
#include "tools/compare/charts/pictures.h"

namespace fovea::tools {

namespace {

constexpr int kMostNumbers = 20;  // a matrix of more grades has no room for numbers
constexpr double kPad = 4;
constexpr double kLabelShare = 0.36;  // of the width, at most
constexpr Colour kBlack{0, 0, 0};
constexpr const char* kRowsAre = "benchmark grade";

Colour shade(double share) {
  const auto mix = [&](int from, int to) { return static_cast<int>(std::lround(from + (to - from) * share)); };
  return {mix(kPaper.red, kDark.red), mix(kPaper.green, kDark.green), mix(kPaper.blue, kDark.blue)};
}

// The better readable of black and white; at 0.179 both have a contrast of 4.6 (WCAG 2, relative luminance).
Colour ink_on(Colour fill) {
  const auto linear = [](int part) {
    const double c = part / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(fill.red) + 0.7152 * linear(fill.green) + 0.0722 * linear(fill.blue) < 0.179 ? kPaper : kBlack;
}

// "12 %"; a share that is not 0 and not 1 never reads so.
std::string percent(std::int64_t part, std::int64_t whole) {
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent > 0 && percent < 0.05) return "<0.1 %";
  if (percent < 100 && percent > 99.95) return ">99.9 %";
  const bool rounds = percent == 0 || percent == 100 || (percent >= 9.95 && percent <= 99);
  return fixed_text(percent, rounds ? 0 : 1) + " %";
}

class Matrix {
 public:
  Matrix(Drawing& drawing, const Study& study)
      : drawing_(drawing),
        study_(study),
        confusion_(study.evaluation.confusion),
        n_(confusion_.classes()),
        numbers_(n_ <= kMostNumbers),
        names_beside_(numbers_ && drawing.width() >= kRoomBeside) {
    const double needed = numbers_ ? widest_number() + 2 * kPad : 6;
    for (int grade = 0; grade < n_; ++grade) labels_ = std::max(labels_, text_width(row_label(grade), kTextSize, true));
    labels_ = std::min(labels_, kLabelShare * drawing.width());
    left_ = kMargin + kLineHeight + labels_ + kPad;
    cell_ = std::max(needed, std::min((drawing.width() - left_ - kMargin) / n_, numbers_ ? 76.0 : 1e9));
    height_ = numbers_ ? static_cast<double>(most_lines()) * kLineHeight + 2 * kPad : cell_;
    height_ = std::max(height_, (text_width(kRowsAre, kTextSize) + 2 * kPad) / n_);  // that it fits, read upwards
    drawing.widen(left_ + n_ * cell_ + kMargin);
    top_ = drawing.height() + 2 * kLineHeight + kPad;
  }

  void draw() {
    drawing_.text(kInk, {}, {left_, drawing_.height() + kLineHeight / 2}, "predicted grade");
    for (int truth = 0; truth < n_; ++truth) {
      std::string words = "Benchmark " + grade_text(study_.classes, truth) + " was predicted as";
      for (int predicted = 0; predicted < n_; ++predicted) {
        draw_cell(truth, predicted);
        if (confusion_.at(truth, predicted) > 0) {
          words += " " + std::to_string(predicted) + ": " + std::to_string(confusion_.at(truth, predicted)) + " times,";
        }
      }
      if (words.back() == ',') drawing_.describe(words.substr(0, words.size() - 1) + ".");
    }
    for (int grade = 0; grade < n_; ++grade) draw_outline(grade);
    drawing_.line(kInk, 0.5, {left_, top_}, {left_ + n_ * cell_, top_});
    drawing_.line(kInk, 0.5, {left_, top_}, {left_, top_ + n_ * height_});
    const int each = numbers_ ? 1 : n_ / 12 + 1;  // of many grades not all are named
    for (int grade = 0; grade < n_; grade += each) draw_label(grade);
    drawing_.extend(top_ + n_ * height_ + kMargin);
    drawing_.text(kInk, {.align = Align::centre, .turn = 90}, {kMargin + kLineHeight / 2, top_ + n_ * height_ / 2},
                  kRowsAre);
    if (!names_beside_) list_names();
    const std::string each_cell = numbers_ ? "Each cell: images, and their share of the benchmark grade. " : "";
    double y = drawing_.height() + kLineHeight / 2;
    y = drawing_.lines(kSoftInk, {}, {kMargin, y}, text_room(),
                       each_cell + "The darker, the larger the share; right grades are framed.");
    drawing_.extend(y - kLineHeight / 2 + kMargin);
  }

 private:
  std::string row_label(int grade) const {
    return names_beside_ ? printable(grade_text(study_.classes, grade)) : std::to_string(grade);
  }
  std::vector<std::string> label_lines(int grade) const {
    return wrapped(row_label(grade), labels_ + 1, kTextSize, true);
  }
  std::size_t most_lines() const {
    std::size_t most = 2;  // a cell has two
    for (int grade = 0; grade < n_; ++grade) most = std::max(most, label_lines(grade).size());
    return most;
  }
  // Texts below a matrix that scrolls are read without scrolling.
  double text_room() const { return (names_beside_ ? drawing_.width() : kReportWidth) - 2 * kMargin; }

  std::array<std::string, 2> texts(int truth, int predicted) const {
    const std::int64_t count = confusion_.at(truth, predicted), of = confusion_.true_total(truth);
    if (of == 0) return {std::to_string(count), "-"};
    return {std::to_string(count), percent(count, of)};
  }
  double widest_number() const {
    double widest = 0;
    for (int truth = 0; truth < n_; ++truth) {
      for (int predicted = 0; predicted < n_; ++predicted) {
        const auto [count, share] = texts(truth, predicted);
        widest = std::max({widest, text_width(count, kTextSize, true), text_width(share, kTextSize)});
      }
    }
    return widest;
  }

  void draw_cell(int truth, int predicted) {
    const std::int64_t count = confusion_.at(truth, predicted), of = confusion_.true_total(truth);
    if (!numbers_ && count == 0) return;
    const Colour fill = shade(of == 0 ? 0 : static_cast<double>(count) / static_cast<double>(of));
    const Point corner{left_ + predicted * cell_, top_ + truth * height_};
    drawing_.box(fill, corner, {corner.x + cell_, corner.y + height_}, numbers_ ? 0.5 : 0);
    if (!numbers_) return;
    const auto [number, share] = texts(truth, predicted);
    const double middle = corner.x + cell_ / 2;
    drawing_.text(ink_on(fill), {.bold = true, .align = Align::centre},
                  {middle, corner.y + height_ / 2 - kLineHeight / 2}, number);
    drawing_.text(ink_on(fill), {.align = Align::centre}, {middle, corner.y + height_ / 2 + kLineHeight / 2}, share);
  }

  void draw_outline(int grade) {
    const Point corner{left_ + grade * cell_, top_ + grade * height_}, opposite{corner.x + cell_, corner.y + height_};
    drawing_.curve(kBlack, numbers_ ? 2 : 0.5, Stroke::solid,
                   {corner, {opposite.x, corner.y}, opposite, {corner.x, opposite.y}, corner});
  }

  void draw_label(int grade) {
    drawing_.text(kInk, {.bold = true, .align = Align::centre},
                  {left_ + (grade + 0.5) * cell_, top_ - kPad - kLineHeight / 2}, std::to_string(grade));
    const std::vector<std::string> lines = label_lines(grade);
    double y = top_ + (grade + 0.5) * height_ - static_cast<double>(lines.size() - 1) * kLineHeight / 2;
    for (const std::string& line : lines) {
      drawing_.text(kInk, {.bold = true, .align = Align::right}, {left_ - kPad, y}, line);
      y += kLineHeight;
    }
  }

  void list_names() {
    double y = drawing_.height() + kLineHeight / 2;
    for (int grade = 0; grade < n_ && numbers_; ++grade) {
      if (study_.classes[static_cast<std::size_t>(grade)].empty()) continue;
      y = drawing_.lines(kInk, {}, {kMargin, y}, text_room(), printable(grade_text(study_.classes, grade)));
    }
    drawing_.extend(y - kLineHeight / 2 + kPad);
  }

  Drawing& drawing_;
  const Study& study_;
  const evaluate::Confusion& confusion_;
  int n_;
  bool numbers_, names_beside_;
  double labels_ = 0, left_ = 0, top_ = 0, cell_ = 0, height_ = 0;
};

}  // namespace

void draw_confusion(Drawing& drawing, const Study& study) { Matrix(drawing, study).draw(); }

}  // namespace fovea::tools
