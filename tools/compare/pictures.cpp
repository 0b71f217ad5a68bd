// The list of pictures, and what stands on all of them.
#include "tools/compare/pictures.h"

#include <filesystem>

#include "tools/common/labels.h"
#include "tools/common/text.h"

namespace fovea::tools {

std::string picture_subtitle(const Study& study) {
  const auto name = [](const std::string& file) { return printable(std::filesystem::path(file).filename().string()); };
  return "n = " + count_text(study.sample.rows(), "image") + " · " + name(study.predictions.list.file) + " against " +
         name(study.reference.file);
}

std::string picture_mark(const Study& study) { return study.demo ? kDemoMark : ""; }

std::vector<Picture> pictures_of(const Study& study) {
  const std::string target = "grade " + std::to_string(study.referable) + " and above";
  std::vector<Picture> pictures{
      {"distributions", "How often each grade occurs",
       "Bars: how often each grade occurs in the benchmark and in the predictions.", draw_distributions},
      {"confusion", "Confusion matrix",
       "How often each benchmark grade was given each grade: counts, and as a share of its row.", draw_confusion},
      {"grade_errors", "Grade errors", "Histogram of the predicted grade minus the benchmark's.", draw_grade_errors}};
  if (study.sample.has_probabilities()) {
    pictures.push_back({"roc", "ROC curves",
                        "Sensitivity against 1 - specificity for referable (" + target +
                            ") and for any retinopathy, with the operating point.",
                        draw_roc});
    pictures.push_back(
        {"precision_recall", "Precision and recall",
         "Precision against recall for referable (" + target + ") and for any retinopathy, with the operating point.",
         draw_precision_recall});
    pictures.push_back({"reliability", "Reliability",
                        "How often a predicted probability comes true, against that probability.", draw_reliability});
  }
  return pictures;
}

}  // namespace fovea::tools
