// The histogram of predicted grade minus benchmark grade.
#include <algorithm>
#include <cstdlib>
#include <map>

#include "text/text.h"
#include "tools/common/drawing/bars.h"
#include "tools/compare/charts/pictures.h"

namespace fovea::tools {

namespace {

constexpr int kMostRows = 25;

std::string signed_text(int value) {
  return (value > 0 ? "+" : value < 0 ? "\xE2\x88\x92" : "") + std::to_string(std::abs(value));
}

// "-4", or "-9 to -7" where several errors share a row.
std::string errors_text(int first, int last) {
  return first == last ? signed_text(first) : signed_text(first) + " to " + signed_text(last);
}

}  // namespace

void draw_grade_errors(Drawing& drawing, const Study& study) {
  const evaluate::Confusion& confusion = study.evaluation.confusion;
  const int farthest = confusion.classes() - 1;
  std::int64_t low = 0, high = 0;
  std::map<int, std::int64_t> counts;
  for (int truth = 0; truth <= farthest; ++truth) {
    for (int predicted = 0; predicted <= farthest; ++predicted) {
      const std::int64_t count = confusion.at(truth, predicted);
      counts[predicted - truth] += count;
      (predicted < truth ? low : high) += predicted == truth ? 0 : count;
    }
  }
  // Of many grades, several errors share a row; 0 has its own.
  const int each = (2 * farthest + kMostRows - 1) / kMostRows;
  std::map<int, std::int64_t> rows;  // by error / each, rounded away from 0
  for (const auto& [error, count] : counts)
    rows[(error + (error > 0 ? each - 1 : error < 0 ? 1 - each : 0)) / each] += count;
  std::vector<BarGroup> groups;
  for (const auto& [row, count] : rows) {
    const int near = row > 0 ? (row - 1) * each + 1 : row < 0 ? (row + 1) * each - 1 : 0;
    const int far = std::clamp(row * each, -farthest, farthest);
    groups.push_back({errors_text(std::min(near, far), std::max(near, far)),
                      {{row == 0 ? kDark : kLight, static_cast<double>(count), std::to_string(count)}}});
  }
  draw_bars(drawing,
            {{kDark, "right: " + std::to_string(confusion.right())},
             {kLight, "graded too low: " + std::to_string(low) + ", too high: " + std::to_string(high)}},
            groups);
  drawing.lines(kSoftInk, {}, {kMargin, drawing.height() + 6}, drawing.width() - 2 * kMargin,
                "predicted grade \xE2\x88\x92 benchmark grade: number of images");
  drawing.extend(drawing.height() + 2 * kLineHeight);
}

}  // namespace fovea::tools
