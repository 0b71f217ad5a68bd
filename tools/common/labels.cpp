// The rows of labels.csv, and the counts over them.
#include "tools/common/labels.h"

#include <algorithm>

#include "tools/common/text.h"

namespace fovea::tools {

namespace {

bool is_regression(const ModelCard& card) { return card.decision.rule == Decision::Rule::regression; }

std::string share_text(std::size_t part, std::size_t whole) {
  return whole == 0 ? "-" : fixed_text(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1) + " %";
}

}  // namespace

int grade_count(const ModelCard& card, int outputs) {
  return is_regression(card) ? static_cast<int>(card.decision.cuts.size()) + 1 : outputs;
}

std::string class_name(const ModelCard& card, int grade) {
  const auto index = static_cast<std::size_t>(grade);
  return index < card.classes.size() ? card.classes[index] : "";
}

bool is_referable(const ModelCard& card, int grade) { return grade >= card.referable; }

std::vector<std::string> label_header(const ModelCard& card, int outputs, bool details) {
  std::vector<std::string> header{"id_code", "diagnosis"};
  if (!details) return header;
  header.emplace_back("class");
  if (is_regression(card)) {
    header.emplace_back("output");
  } else {
    for (int i = 0; i < outputs; ++i) header.push_back("p" + std::to_string(i));
  }
  header.insert(header.end(), {"confidence", "referable", "note"});
  return header;
}

std::vector<std::string> label_row(const ModelCard& card, const std::string& id, const Graded& graded, bool details) {
  std::vector<std::string> row{id, std::to_string(graded.grade)};
  if (!details) return row;
  row.push_back(class_name(card, graded.grade));
  for (const float output : graded.outputs) row.push_back(number_text(output));
  row.push_back(is_regression(card) ? "" : number_text(graded.outputs.at(static_cast<std::size_t>(graded.grade))));
  row.emplace_back(is_referable(card, graded.grade) ? "1" : "0");
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
  const std::size_t referable = counts.referable(card);
  return table + "referable (grade " + std::to_string(card.referable) + " and above): " + std::to_string(referable) +
         " of " + std::to_string(counts.graded) + " (" + share_text(referable, counts.graded) + ")\n";
}

}  // namespace fovea::tools
