// The texts of a comparison's files, all but the report.
#pragma once

#include <string>

#include "tools/compare/study/study.h"

namespace fovea::tools {

/// The benchmark as it was given, with the column `Predictions`; a column of that name that it has already is replaced.
std::string benchmark_csv(const Study& study);
/// All wrong grades, missed eyes first: see cases.h.
std::string worst_cases_csv(const Study& study);
/// One row a metric.
std::string metrics_csv(const Study& study);
std::string metrics_json(const Study& study);
/// The images that the two models graded differently; needs a second model.
std::string disagreements_csv(const Study& study);

}  // namespace fovea::tools
