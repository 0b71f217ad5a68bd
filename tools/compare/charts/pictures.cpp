// The list of pictures, and what stands on all of them.
#include "tools/compare/charts/pictures.h"

#include <filesystem>

#include "text/text.h"
#include "tools/common/drawing/paper.h"
#include "tools/common/grade/labels.h"

namespace fovea::tools {

Drawing paper_drawing(const Picture& picture, const Study& study) {
  const auto name = [](const std::string& file) { return printable(std::filesystem::path(file).filename().string()); };
  const PaperHead head{picture.title,
                       "n = " + count_text(study.sample.rows(), "image") + " · " + name(study.predictions.list.file) +
                           " against " + name(study.reference.file),
                       study.demo ? kDemoMark : ""};
  return paper(head, [&](Drawing& drawing) {
    drawing.describe(picture.shows);
    picture.draw(drawing, study);
  });
}

Drawing report_drawing(const Picture& picture, const Study& study) {
  Drawing drawing(picture.title, kReportWidth);
  drawing.describe(picture.shows);
  picture.draw(drawing, study);
  return drawing;
}

namespace {

std::vector<Picture> common_pictures(const Study& study) {
  std::vector<Picture> pictures{
      {"distributions", "How often each grade occurs", "In the benchmark and in the predictions.", draw_distributions},
      {"confusion", "Confusion matrix", "How often each benchmark grade was given each grade.", draw_confusion},
      {"grade_errors", "Grade errors", "How far off the predicted grades are.", draw_grade_errors}};
  if (study.sample.has_probabilities()) {
    pictures.push_back(
        {"roc", "ROC curves", "Sensitivity against 1 − specificity, for referable and for any retinopathy.", draw_roc});
    pictures.push_back({"precision_recall", "Precision and recall",
                        "Precision against recall, for referable and for any retinopathy.", draw_precision_recall});
  }
  return pictures;
}

constexpr const char* kReliability = "How often a predicted probability comes true, against that probability.";
constexpr const char* kBinCounts =
    "How many images were given which probability: what a point of the reliability diagram is known from.";

}  // namespace

std::vector<Picture> pictures_of(const Study& study) {
  std::vector<Picture> pictures = common_pictures(study);
  if (study.sample.has_probabilities()) {
    pictures.push_back({"reliability", "Reliability", kReliability, [](Drawing& drawing, const Study& of) {
                          draw_reliability(drawing, of);
                          draw_bin_counts(drawing, of);
                        }});
  }
  return pictures;
}

std::vector<Picture> report_pictures(const Study& study) {
  std::vector<Picture> pictures = common_pictures(study);
  if (study.sample.has_probabilities()) {
    pictures.push_back({"reliability", "Reliability", kReliability, draw_reliability});
    pictures.push_back({"bin_counts", "Images in each bin of probability", kBinCounts, draw_bin_counts});
  }
  return pictures;
}

}  // namespace fovea::tools
