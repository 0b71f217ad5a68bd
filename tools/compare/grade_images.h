// The images of the benchmark's ids, graded by a model as batch-predict does it.
#pragma once

#include <memory>
#include <string>

#include <fovea/card.h>
#include <fovea/model.h>
#include "tools/common/input/input_list.h"
#include "tools/compare/arguments.h"
#include "tools/compare/study/study.h"

namespace fovea::tools {

struct MatchedImages {
  std::vector<InputItem> items;     ///< images of the benchmark's ids, in the order of the folder
  std::vector<GradedEntry> others;  ///< ids that have no image, without a grade
  PassedOver passed;                ///< what the folder held besides
};

/// Looks for the images of the reference's ids in a folder; what is left over on either side goes into `findings`.
/// Throws Error if no id has an image.
MatchedImages match_images(const GradedList& reference, const std::string& folder, bool recursive, Findings& findings);

struct GradedImages {
  Predictions predictions;
  std::string labels;  ///< labels.csv, with details
  std::string record;  ///< labels.run.json
  double images_per_second = 0;
};

/// Grades them, showing progress unless `quiet`. Images that cannot be graded go into `findings`. Throws Interrupted.
GradedImages grade_images(const std::shared_ptr<const Model>& model, const ModelCard& card,
                          const CompareArguments& arguments, const MatchedImages& images, Findings& findings);

}  // namespace fovea::tools
