// Grades that were predicted before.
#include "tools/compare/study/prediction_file.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include <fovea/error.h>
#include "base/sha256.h"
#include "grading/evaluate/sample.h"
#include "text/label_columns.h"
#include "text/text.h"
#include "tools/common/grade/labels.h"
#include "tools/compare/input/grade_cell.h"

namespace fovea::tools {

namespace {

using nlohmann::json;

// What batch-predict recorded beside its labels. It comes from outside: whatever is not as expected is passed over.
json read_record(const std::string& path) {
  constexpr std::uintmax_t kMostBytes = 1 << 20;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > kMostBytes) return {};
  constexpr int kDeepest = 16;  // what lies deeper is passed over: no record has it, and it would be walked recursively
  const auto shallow = [](int depth, json::parse_event_t, const json&) { return depth <= kDeepest; };
  json record = json::parse(file_text(path), shallow, /*allow_exceptions=*/false);
  return record.is_object() ? record : json();
}

std::string text_at(const json& record, const std::string& pointer) {
  const json::json_pointer where(pointer);
  if (!record.contains(where) || !record.at(where).is_string()) return "";
  return record.at(where).get<std::string>();
}

// A card may name its classes in another order than that of the grades.
void put_in_order(std::vector<std::string>& classes, const json& record) {
  const json::json_pointer where("/card/content/decision/grades");
  if (!record.contains(where) || !record.at(where).is_array() || record.at(where).size() != classes.size()) return;
  std::vector<std::string> ordered(classes.size());
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const json& grade = record.at(where).at(i);
    if (!grade.is_number_unsigned() || grade.get<std::size_t>() >= classes.size()) return;
    ordered[grade.get<std::size_t>()] = classes[i];
  }
  classes = std::move(ordered);
}

void add_record(PredictionFile& file) {
  const std::string path = std::filesystem::path(file.path).replace_extension(".run.json").string();
  const json record = read_record(path);
  if (!record.is_object()) return;
  file.origin.emplace_back("record_file", path);
  for (const auto& [key, pointer] :
       std::initializer_list<std::pair<const char*, const char*>>{{"model_file", "/model/file"},
                                                                  {"model_sha256", "/model/sha256"},
                                                                  {"layers_sha256", "/model/layers_sha256"},
                                                                  {"model_name", "/model/name"},
                                                                  {"card_source", "/card/source"},
                                                                  {"predicted_by_fovea_version", "/fovea_version"},
                                                                  {"isa", "/run/isa"},
                                                                  {"arithmetic", "/run/arithmetic"},
                                                                  {"decoding", "/run/decoding"},
                                                                  {"predicted", "/run/finished"}}) {
    if (const std::string text = text_at(record, pointer); !text.empty()) file.origin.emplace_back(key, text);
  }
  const json::json_pointer demo("/demo"), card("/card/content"), classes("/card/content/classes");
  if (record.contains(card) && record.at(card).is_object()) file.origin.emplace_back("card", record.at(card).dump());
  if (record.contains(demo) && record.at(demo) == true) file.demo = true;
  if (!record.contains(classes) || !record.at(classes).is_array()) return;
  for (const json& name : record.at(classes)) file.classes.push_back(name.is_string() ? name.get<std::string>() : "");
  put_in_order(file.classes, record);
}

// The names that the column `class` gives to the grades.
void add_class_names(PredictionFile& file) {
  const auto names = file.table.column("class");
  if (!names || !file.classes.empty()) return;
  std::vector<std::string> classes(file.columns.probabilities.size());
  for (const CsvRow& row : file.table.rows) {
    const std::optional<int> grade = cell_grade(row.cells[file.columns.grade], {});
    if (grade && *grade >= 0 && *grade < static_cast<int>(classes.size())) {
      classes[static_cast<std::size_t>(*grade)] = row.cells[*names];
    }
  }
  file.classes = std::move(classes);
}

bool notes_say_demo(const PredictionFile& file) {
  const auto notes = file.table.column("note");
  return notes && std::any_of(file.table.rows.begin(), file.table.rows.end(),
                              [&](const CsvRow& row) { return row.cells[*notes].starts_with(kDemoMark); });
}

}  // namespace

PredictionFile open_predictions(const std::string& path, const std::string& grade_column) {
  PredictionFile file;
  file.path = path;
  file.table = read_csv(path);
  file.columns =
      find_columns(file.table, path, "", grade_column, predicted_grade_column_names(), "", "--prediction-column NAME");
  const std::size_t probabilities = file.columns.probabilities.size();
  if (probabilities == 1 || probabilities > static_cast<std::size_t>(evaluate::kMaxClasses)) {
    throw Error(printable(path) + ":" + std::to_string(file.table.header_line) + ": " +
                count_text(probabilities, "probability column") + ", 2 to " + std::to_string(evaluate::kMaxClasses) +
                " can be compared");
  }
  file.origin = {{"predictions_file", path}, {"predictions_sha256", sha256_of(file_text(path))}};
  add_record(file);
  add_class_names(file);
  file.demo = file.demo || notes_say_demo(file);
  return file;
}

int class_count(const PredictionFile& file) {
  if (!file.columns.probabilities.empty()) return static_cast<int>(file.columns.probabilities.size());
  return file.classes.size() >= 2 && file.classes.size() <= static_cast<std::size_t>(evaluate::kMaxClasses)
             ? static_cast<int>(file.classes.size())
             : 0;
}

Predictions read_predictions(const PredictionFile& file, const std::vector<std::string>& grade_names,
                             Findings& findings) {
  const std::size_t probabilities = file.columns.probabilities.size();
  if (probabilities != 0 && probabilities != grade_names.size()) {
    throw Error(printable(file.path) + ":" + std::to_string(file.table.header_line) + ": has probabilities of " +
                std::to_string(probabilities) + " grades, and " + std::to_string(grade_names.size()) + " are compared");
  }
  return {read_list(file.table, file.path, file.columns, {grade_names, {}}, findings), file.origin, file.demo,
          file.classes};
}

}  // namespace fovea::tools
