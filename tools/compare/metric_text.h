// Metrics as text, for the console, the pictures and the report.
#pragma once

#include <string>

#include "tools/compare/study.h"

namespace fovea::tools {

/// nullptr if this evaluation has no such metric.
const evaluate::Metric* find_metric(const evaluate::Evaluation& evaluation, const std::string& key);

/// "0.912", or "-" for what is undefined.
std::string value_text(double value, int decimals);
/// "0.890 to 0.931"; empty if it is undefined.
std::string interval_text(const evaluate::Interval& interval, int decimals);
/// "134 of 150"; empty for what is no proportion.
std::string proportion_text(const evaluate::Metric& metric);
/// A p value: "0.034" or "< 0.001".
std::string p_text(double p);

/// "All grades", "Grade 2 Moderate, support 12", "Referable: grade 2 and above", "Any: grade 1 and above".
std::string group_title(const Study& study, const evaluate::Metric& metric);

/// The tables for the console, with line ends.
std::string metrics_table(const Study& study);

}  // namespace fovea::tools
