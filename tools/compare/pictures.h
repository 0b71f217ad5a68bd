// The pictures of a comparison. Each draws on the page that draw_page has open.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/common/page.h"
#include "tools/compare/study.h"

namespace fovea::tools {

void draw_distributions(const Page& page, const Study& study);
void draw_confusion(const Page& page, const Study& study);
void draw_grade_errors(const Page& page, const Study& study);
// These need probabilities.
void draw_roc(const Page& page, const Study& study);
void draw_precision_recall(const Page& page, const Study& study);
void draw_reliability(const Page& page, const Study& study);

struct Picture {
  std::string name;   ///< of its files, without extension
  std::string title;  ///< for the report
  std::string shows;  ///< what it shows, in words
  std::function<void(const Page&, const Study&)> draw;
};

/// Those that this study has.
std::vector<Picture> pictures_of(const Study& study);

/// "n = 1923 images · labels.csv against Benchmark.csv"
std::string picture_subtitle(const Study& study);
/// The mark that every result of a demo model bears, else empty.
std::string picture_mark(const Study& study);

}  // namespace fovea::tools
