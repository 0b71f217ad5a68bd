// A grade as it stands in a cell: "2", "2.0", "2,0", "Moderate", "2 - Moderate NPDR".
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace fovea::tools {

/// The names of the international scale for its five grades.
std::vector<std::string> scale_names();

/// The grade that a cell tells, a whole number or a name: one of `names`, or for five grades the usual ones of the
/// international scale. Any whole number is a grade here; what no int holds becomes the largest or smallest. Nothing
/// for what is neither.
std::optional<int> cell_grade(const std::string& cell, const std::vector<std::string>& names);

/// The grade that is called proliferative; nothing if none is.
std::optional<int> proliferative_grade(const std::vector<std::string>& names);

}  // namespace fovea::tools
