// The pictures of a comparison. Each is described once, in whatever width it is given, for the report and for papers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/common/drawing/drawing.h"
#include "tools/compare/study/study.h"

namespace fovea::tools {

void draw_distributions(Drawing& drawing, const Study& study);
void draw_confusion(Drawing& drawing, const Study& study);
void draw_grade_errors(Drawing& drawing, const Study& study);
// These need probabilities.
void draw_roc(Drawing& drawing, const Study& study);
void draw_precision_recall(Drawing& drawing, const Study& study);
void draw_reliability(Drawing& drawing, const Study& study);
void draw_bin_counts(Drawing& drawing, const Study& study);

struct Picture {
  std::string name;   ///< of its files, without extension
  std::string title;  ///< for the report
  std::string shows;  ///< what it shows, in words
  std::function<void(Drawing&, const Study&)> draw;
};

/// Those that this study has, as files.
std::vector<Picture> pictures_of(const Study& study);
/// The same for the report, where none is longer than half a sheet: the bins' counts stand by themselves.
std::vector<Picture> report_pictures(const Study& study);

/// On a sheet of its own, with title and mark.
Drawing paper_drawing(const Picture& picture, const Study& study);
/// As the report shows it: as wide as a telephone's screen, and never less than that.
Drawing report_drawing(const Picture& picture, const Study& study);
inline constexpr double kReportWidth = 300;

}  // namespace fovea::tools
