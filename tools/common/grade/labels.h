// The rows of labels.csv, and the counts over them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <fovea/card.h>
#include "tools/common/grade/grader.h"

namespace fovea::tools {

/// What stands on the results of a model that is only there to be tried.
inline constexpr const char* kDemoMark = "demo, not for patients";

/// Name of a grade, empty if the card states none.
std::string class_name(const ModelCard& card, int grade);

/// False too where referable is no question (`card.referable` is empty).
bool is_referable(const ModelCard& card, int grade);

/// "referable (grade 2 and above)"; only where `card.referable` is set.
std::string referable_text(const ModelCard& card);

/// The probability of each grade, in float32; empty for a regression.
std::vector<float> probabilities_of(const ModelCard& card, const std::vector<float>& outputs);

/// True for the rules whose outputs are not the probabilities that stand in the results: both are shown.
bool shows_outputs(const ModelCard& card);

/// `id_code,diagnosis`, and with `details` also class, p0, p1, ... (none of a regression), what else the decision was
/// made by (`output` of a regression, `expected` grade, output0, output1, ... of an ordinal rule), confidence,
/// referable (empty where that is no question) and note.
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
