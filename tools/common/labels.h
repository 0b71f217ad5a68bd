// The rows of labels.csv, and the counts over them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loaders/card/card.h"
#include "tools/common/grader.h"

namespace fovea::tools {

/// What stands on the results of a model that is only there to be tried.
inline constexpr const char* kDemoMark = "demo, not for patients";

/// Number of grades that a model with this many outputs can give.
int grade_count(const ModelCard& card, int outputs);

/// Name of a grade, empty if the card states none.
std::string class_name(const ModelCard& card, int grade);

bool is_referable(const ModelCard& card, int grade);

/// `id_code,diagnosis`, and with `details` also class, p0, p1, ... (or `output` of a regression), confidence,
/// referable and note.
std::vector<std::string> label_header(const ModelCard& card, int outputs, bool details);

/// The row of one graded image. The confidence is the probability of the grade that was given; a regression has none.
std::vector<std::string> label_row(const ModelCard& card, const std::string& id, const Graded& graded, bool details);

/// How often each grade was given.
struct Counts {
  std::vector<std::size_t> by_grade;
  std::size_t graded = 0;
  std::size_t errors = 0;

  std::size_t referable(const ModelCard& card) const;
};

/// The table for the console: class, name, images, share; each line with its line end.
std::string counts_table(const ModelCard& card, const Counts& counts);

}  // namespace fovea::tools
