// What did not fit when two lists were joined: counted and listed, never passed over in silence.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fovea::tools {

enum class Problem {
  missing_value,
  not_gradable,
  duplicate_id,
  grade_out_of_range,
  id_without_image,
  image_without_id,
  image_not_graded,
  ambiguous_id,
  id_without_prediction,
  prediction_without_id,
};
inline constexpr std::size_t kProblems = 10;

/// "duplicate id" and so on, as it stands in the lists.
std::string problem_name(Problem problem);

struct Finding {
  Problem problem{};
  std::string file;
  std::size_t line = 0;  ///< 0 = none
  std::string id;
  std::string detail;  ///< what exactly, may be empty
};

/// "FILE:LINE: problem 'id' (detail)"
std::string finding_text(const Finding& finding);

class Findings {
 public:
  void add(Finding finding) { list_.push_back(std::move(finding)); }
  bool empty() const { return list_.empty(); }
  const std::vector<Finding>& list() const { return list_; }
  std::size_t count(Problem problem) const;
  /// "2 duplicate ids, 1 empty cell": what occurred, in the order of Problem; "none" if nothing did.
  std::string summary() const;
  /// A CSV: problem,file,line,id,detail.
  std::string csv() const;

 private:
  std::vector<Finding> list_;
};

}  // namespace fovea::tools
