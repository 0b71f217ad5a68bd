// Metrics as text, for the console, the pictures and the report.
#pragma once

#include <string>

#include "tools/compare/study/study.h"

namespace fovea::tools {

/// nullptr if this evaluation has no such metric.
const evaluate::Metric* find_metric(const evaluate::Evaluation& evaluation, const std::string& key);

/// "0.912", or "-" for what is undefined.
std::string value_text(double value, int decimals);
/// "0.890 to 0.931"; empty if it is undefined.
std::string interval_text(const evaluate::Interval& interval, int decimals);
/// The interval that is to be shown for a metric: Wilson's of a proportion, Newcombe's of an area, else the
/// bootstrap's.
std::string interval_text(const evaluate::Metric& metric, int decimals);
/// "Wilson", "Newcombe" or "bootstrap": where its interval comes from; empty for none.
std::string interval_method(const evaluate::Metric& metric);
/// Why there is no interval: "no spread", "undefined in 130 of 2000 resamples"; empty where there is one, where the
/// value is itself undefined, and where none was asked for.
std::string no_interval_text(const Study& study, const evaluate::Metric& metric);
/// The same of a bootstrap interval that stands for itself.
std::string no_interval_text(const Study& study, const evaluate::PercentileInterval& interval);
/// "134 of 150"; empty for what is no proportion.
std::string proportion_text(const evaluate::Metric& metric);
/// A p value: "0.034" or "< 0.001".
std::string p_text(double p);

/// "All grades", "Grade 2 Moderate, support 12", "Referable: grade 2 and above", "Any: grade 1 and above".
std::string group_title(const Study& study, const evaluate::Metric& metric);

/// The tables for the console, with line ends.
std::string metrics_table(const Study& study);

}  // namespace fovea::tools
