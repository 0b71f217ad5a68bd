// What did not fit when two lists were joined.
#include "tools/compare/input/findings.h"

#include <algorithm>

#include "text/csv.h"
#include "text/names.h"
#include "text/text.h"

namespace fovea::tools {

namespace {

struct Names {
  const char* one;
  const char* many;
};

Names names_of(Problem problem) {
  switch (problem) {
    case Problem::missing_value:
      return {"missing value", "missing values"};
    case Problem::not_gradable:
      return {"picture that could not be graded", "pictures that could not be graded"};
    case Problem::duplicate_id:
      return {"duplicate id", "duplicate ids"};
    case Problem::grade_out_of_range:
      return {"grade out of range", "grades out of range"};
    case Problem::id_without_image:
      return {"id without an image", "ids without an image"};
    case Problem::image_without_id:
      return {"image without an id", "images without an id"};
    case Problem::image_not_graded:
      return {"image not graded", "images not graded"};
    case Problem::ambiguous_id:
      return {"ambiguous id", "ambiguous ids"};
    case Problem::id_without_prediction:
      return {"id without a prediction", "ids without a prediction"};
    case Problem::prediction_without_id:
      return {"prediction without an id", "predictions without an id"};
  }
  return {"", ""};
}

}  // namespace

std::string problem_name(Problem problem) { return names_of(problem).one; }

std::string finding_text(const Finding& finding) {
  std::string text = printable(finding.file) + ":";
  if (finding.line > 0) text += std::to_string(finding.line) + ":";
  text += " " + problem_name(finding.problem);
  if (!finding.id.empty()) text += " '" + printable(finding.id) + "'";
  if (!finding.detail.empty()) text += " (" + printable(finding.detail) + ")";
  return text;
}

std::size_t Findings::count(Problem problem) const {
  return static_cast<std::size_t>(
      std::count_if(list_.begin(), list_.end(), [&](const Finding& f) { return f.problem == problem; }));
}

std::string Findings::summary() const {
  std::string text;
  for (std::size_t i = 0; i < kProblems; ++i) {
    const auto problem = static_cast<Problem>(i);
    const std::size_t found = count(problem);
    if (found == 0) continue;
    const Names names = names_of(problem);
    text += (text.empty() ? "" : ", ") + std::to_string(found) + " " + (found == 1 ? names.one : names.many);
  }
  return text.empty() ? "none" : text;
}

std::string Findings::csv() const {
  std::string text = csv_line({"problem", "file", "line", "id", "detail"});
  for (const Finding& f : list_) {
    text += csv_line({problem_name(f.problem), safe_name(f.file), f.line > 0 ? std::to_string(f.line) : "",
                      safe_id(f.id), printable(f.detail)});
  }
  return text;
}

}  // namespace fovea::tools
