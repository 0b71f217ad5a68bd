// The rows of labels.csv, and the counts over them.
#include "tools/common/grade/labels.h"

#include <algorithm>

#include "text/names.h"
#include "text/text.h"

namespace fovea::tools {

namespace {

bool is_regression(const ModelCard& card) { return card.decision.rule == Decision::Rule::regression; }

}  // namespace

std::string class_name(const ModelCard& card, int grade) {
  // Classes are in the order of the outputs, or of the grades where no output is a class.
  const auto index =
      static_cast<std::size_t>(one_output_a_class(card.decision) ? deciding_output(card.decision, grade) : grade);
  return index < card.classes.size() ? card.classes[index] : "";
}

bool is_referable(const ModelCard& card, int grade) { return card.referable && grade >= *card.referable; }

std::string referable_text(const ModelCard& card) {
  return "referable (grade " + std::to_string(card.referable.value()) + " and above)";
}

std::vector<float> probabilities_of(const ModelCard& card, const std::vector<float>& outputs) {
  const std::vector<double> exact =
      grade_probabilities(card.decision, outputs.data(), static_cast<int>(outputs.size()));
  std::vector<float> probabilities;
  for (const double probability : exact) probabilities.push_back(static_cast<float>(probability));
  return probabilities;
}

bool shows_outputs(const ModelCard& card) { return !is_regression(card) && !one_output_a_class(card.decision); }

std::vector<std::string> label_header(const ModelCard& card, int outputs, bool details) {
  std::vector<std::string> header{"id_code", "diagnosis"};
  if (!details) return header;
  header.emplace_back("class");
  if (is_regression(card)) {
    header.emplace_back("output");
  } else {
    for (int i = 0; i < grade_count(card.decision, outputs); ++i) header.push_back("p" + std::to_string(i));
  }
  if (card.decision.rule == Decision::Rule::expected) header.emplace_back("expected");
  for (int i = 0; shows_outputs(card) && i < outputs; ++i) header.push_back("output" + std::to_string(i));
  header.insert(header.end(), {"confidence", "referable", "note"});
  return header;
}

std::vector<std::string> label_row(const ModelCard& card, const std::string& id, const Graded& graded, bool details) {
  std::vector<std::string> row{id, std::to_string(graded.grade)};
  if (!details) return row;
  row.push_back(safe_name(class_name(card, graded.grade)));
  const std::vector<float> probabilities = probabilities_of(card, graded.outputs);
  for (const float probability : probabilities) row.push_back(number_text(probability));
  if (card.decision.rule == Decision::Rule::expected) {
    row.push_back(number_text(static_cast<float>(expected_grade({probabilities.begin(), probabilities.end()}))));
  }
  if (is_regression(card) || shows_outputs(card)) {
    for (const float output : graded.outputs) row.push_back(number_text(output));
  }
  row.push_back(probabilities.empty() ? "" : number_text(probabilities.at(static_cast<std::size_t>(graded.grade))));
  row.emplace_back(!card.referable ? "" : is_referable(card, graded.grade) ? "1" : "0");
  const std::string mark = card.demo ? kDemoMark : "";
  row.push_back(mark + (mark.empty() || graded.note.empty() ? "" : "; ") + graded.note);
  return row;
}

std::size_t Counts::referable(const ModelCard& card) const {
  std::size_t count = 0;
  for (std::size_t grade = 0; grade < by_grade.size(); ++grade) {
    if (is_referable(card, static_cast<int>(grade))) count += by_grade[grade];
  }
  return count;
}

std::string counts_table(const ModelCard& card, const Counts& counts) {
  constexpr std::size_t kAllShown = 20;  // of more classes, only those that occur
  std::vector<std::vector<std::string>> rows{{"class", "name", "images", "share"}};
  for (std::size_t grade = 0; grade < counts.by_grade.size(); ++grade) {
    const std::size_t count = counts.by_grade[grade];
    if (count == 0 && counts.by_grade.size() > kAllShown) continue;
    rows.push_back({std::to_string(grade), class_name(card, static_cast<int>(grade)), std::to_string(count),
                    share_text(count, counts.graded)});
  }
  rows.push_back({"all", "", std::to_string(counts.graded), share_text(counts.graded, counts.graded)});
  std::vector<std::size_t> widths(4, 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::string table;
  for (const auto& row : rows) {
    table += padded(row[0], widths[0], true) + "  " + padded(printable(row[1]), widths[1]) + "  " +
             padded(row[2], widths[2], true) + "  " + padded(row[3], widths[3], true) + "\n";
  }
  if (!card.referable) return table;
  const std::size_t referable = counts.referable(card);
  return table + referable_text(card) + ": " + std::to_string(referable) + " of " + std::to_string(counts.graded) +
         " (" + share_text(referable, counts.graded) + ")\n";
}

}  // namespace fovea::tools
