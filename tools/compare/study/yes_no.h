// Labels that say yes or no where the other side has grades: they are compared as yes or no.
#pragma once

#include <string>
#include <vector>

#include "tools/compare/study/study.h"

namespace fovea::tools {

/// Which side has only the grades 0 and 1, while the other goes further; `none` if neither or both.
enum class YesNoSide { none, benchmark, predictions };
YesNoSide yes_no_side(const Study& study);

/// The yes or no against "referable" and against "any retinopathy" on the other side: sensitivity and its kin with
/// their intervals, in the group `yes_no`. The study must have been measured; needs a side.
std::vector<evaluate::Metric> yes_no_metrics(const Study& study);

/// What a reader must know before the figures: a benchmark that seems to be of another scale than the predictions.
std::vector<std::string> scale_warnings(const Study& study);

}  // namespace fovea::tools
