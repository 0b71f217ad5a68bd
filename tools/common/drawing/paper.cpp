// A chart on a sheet of its own.
#include "tools/common/drawing/paper.h"

namespace fovea::tools {

Drawing paper(const PaperHead& head, const std::function<void(Drawing&)>& draw) {
  constexpr double kWidth = 640, kTitle = 17, kMark = 24;
  Drawing drawing(head.title, kWidth);
  double y = drawing.lines(kInk, {kTitle, true}, {kMargin, 22}, kWidth - 2 * kMargin, head.title);
  y = drawing.lines(kSoftInk, {}, {kMargin, y}, kWidth - 2 * kMargin, head.subtitle);
  drawing.extend(y + 6);
  draw(drawing);
  const double bottom = drawing.height() + 8;
  drawing.extend(bottom + (head.mark.empty() ? 0 : kMark));
  if (!head.mark.empty()) {
    drawing.box(kMarkFill, {0, bottom}, {drawing.width(), bottom + kMark});
    drawing.text(kPaper, {kTextSize, true, Align::centre}, {drawing.width() / 2, bottom + kMark / 2}, head.mark);
    drawing.describe(head.mark + ".");
  }
  return drawing;
}

}  // namespace fovea::tools
