// A list of ids with a grade each, read from a CSV.
#include "tools/compare/input/graded_list.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <string_view>

#include <fovea/error.h>
#include "grading/evaluate/sample.h"
#include "text/label_columns.h"
#include "text/names.h"
#include "text/text.h"
#include "tools/compare/input/grade_cell.h"

namespace fovea::tools {

namespace {

[[noreturn]] void fail_at(const std::string& file, std::size_t line, const std::string& reason) {
  throw Error(printable(file) + ":" + std::to_string(line) + ": " + reason);
}

double probability(const std::string& text, const std::string& file, std::size_t line) {
  const std::optional<double> value = cell_number(text);
  if (!value) fail_at(file, line, "'" + printable(text) + "' is no probability");
  return *value;
}

bool says_no(const std::string& cell) {
  static constexpr std::string_view kNo[] = {"0", "0.0", "no", "No", "NO", "n", "N", "false", "False", "FALSE"};
  return std::find(std::begin(kNo), std::end(kNo), cell) != std::end(kNo);
}

class Reader {
 public:
  Reader(const CsvTable& table, const std::string& file, const ListColumns& columns, const GradeScale& scale,
         Findings& findings)
      : table_(table), columns_(columns), scale_(scale), findings_(findings) {
    list_.file = file;
    list_.classes = scale.classes();
  }

  GradedList read() {
    if (table_.rows.empty()) throw Error(printable(list_.file) + ": has a header and no rows");
    const bool with_probabilities = !columns_.probabilities.empty();
    if (!with_probabilities) list_.no_probabilities = printable(list_.file) + " has no columns p0, p1, ...";
    for (const CsvRow& row : table_.rows) {
      list_.entries.push_back(entry(row));
      if (with_probabilities) add_probabilities(row);
    }
    if (!list_.no_probabilities.empty()) list_.probabilities = {};
    refuse_shifted();
    mark_repeated();
    return std::move(list_);
  }

 private:
  void report(Problem problem, const CsvRow& row, const std::string& detail) {
    findings_.add({problem, list_.file, row.line, row.cells[columns_.id], detail});
  }

  // "no Actual" of an empty cell, else "Actual is 'NA'".
  std::string missing_text(std::size_t column, const std::string& cell) const {
    return cell.empty() ? "no " + table_.header[column] : table_.header[column] + " is '" + printable(cell) + "'";
  }

  GradedEntry entry(const CsvRow& row) {
    const std::string& id = row.cells[columns_.id];
    GradedEntry made{.line = row.line};
    if (is_missing(id)) {
      report(Problem::missing_value, row, id.empty() ? "no id" : missing_text(columns_.id, id));
      return made;
    }
    made.id = id;
    made.key = id_key(id);
    if (columns_.gradable && says_no(row.cells[*columns_.gradable])) {
      report(Problem::not_gradable, row, table_.header[*columns_.gradable] + " is " + row.cells[*columns_.gradable]);
      return made;
    }
    const std::string& cell = row.cells[columns_.grade];
    const std::optional<int> read = cell_grade(cell, scale_.names);
    if (!read && is_missing(cell)) {
      report(Problem::missing_value, row, missing_text(columns_.grade, cell));
      return made;
    }
    if (!read) fail_at(list_.file, row.line, "'" + printable(cell) + "' is no grade, a whole number is needed");
    // A name says the grade itself, a number counts from the first.
    const int grade = cell_number(cell) ? *read - scale_.first.value_or(0) : *read;
    lowest_ = std::min(lowest_, grade);
    highest_ = std::max(highest_, grade);
    if (grade < 0 || grade >= list_.classes) {
      const int first = scale_.first.value_or(0);
      report(Problem::grade_out_of_range, row,
             cell + ", grades are " + std::to_string(first) + " to " + std::to_string(first + list_.classes - 1));
    } else {
      made.grade = grade;
    }
    return made;
  }

  // 1 to 5 where 0 to 4 is meant would make every grade but the highest a wrong one, in silence.
  void refuse_shifted() const {
    if (scale_.first || lowest_ < 1 || highest_ != list_.classes) return;
    throw Error(printable(list_.file) + ": its grades are " + std::to_string(lowest_) + " to " +
                std::to_string(highest_) +
                " and none is 0, as if they were counted from 1; --first-grade 1 says that " +
                "the benchmark's are, --first-grade 0 that they are not");
  }

  void add_probabilities(const CsvRow& row) {
    GradedEntry& made = list_.entries.back();
    std::vector<double> values(columns_.probabilities.size(), 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string& cell = row.cells[columns_.probabilities[i]];
      if (!is_missing(cell)) {
        values[i] = probability(cell, list_.file, row.line);
      } else if (made.grade != kNoGrade) {
        made.grade = kNoGrade;
        report(Problem::missing_value, row, missing_text(columns_.probabilities[i], cell));
      }
    }
    if (made.grade != kNoGrade && list_.no_probabilities.empty()) {
      if (const std::string reason = distribution_doubt(values); !reason.empty()) {
        list_.no_probabilities = printable(list_.file) + ":" + std::to_string(row.line) + " " + reason;
      }
    }
    if (list_.no_probabilities.empty()) {
      list_.probabilities.insert(list_.probabilities.end(), values.begin(), values.end());
    }
  }

  // The first row of an id counts. Ids that differ only in their extensions are one, unless all have one: then they are
  // two pictures of one name.
  void mark_repeated() {
    std::vector<std::size_t> sorted;
    for (std::size_t i = 0; i < list_.entries.size(); ++i) {
      if (!list_.entries[i].id.empty()) sorted.push_back(i);
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [&](std::size_t a, std::size_t b) { return list_.entries[a].key < list_.entries[b].key; });
    for (auto begin = sorted.begin(); begin != sorted.end();) {
      const auto end = std::find_if(begin, sorted.end(),
                                    [&](std::size_t i) { return list_.entries[i].key != list_.entries[*begin].key; });
      mark_group({begin, end});
      begin = end;
    }
    for (std::size_t i = 0; i < list_.entries.size(); ++i) {
      if (list_.entries[i].repeats != kNoEntry) report_repeated(i);
    }
  }

  // Of entries with one key, in the list's order.
  void mark_group(std::span<const std::size_t> group) {
    const bool bare = std::any_of(group.begin(), group.end(),
                                  [&](std::size_t i) { return list_.entries[i].id == list_.entries[i].key; });
    std::map<std::string, std::size_t> firsts;
    for (const std::size_t i : group) {
      const auto [first, is_new] = firsts.try_emplace(bare ? "" : list_.entries[i].id, i);
      if (!is_new) list_.entries[i].repeats = first->second;
    }
  }

  void report_repeated(std::size_t index) {
    GradedEntry& entry = list_.entries[index];
    const GradedEntry& before = list_.entries[entry.repeats];
    const bool other = entry.grade != before.grade && entry.grade != kNoGrade && before.grade != kNoGrade;
    report(
        Problem::duplicate_id, table_.rows[index],
        "first in line " + std::to_string(before.line) +
            (other ? ", and contradicts it: " + std::to_string(entry.grade) + " against " + std::to_string(before.grade)
                   : ""));
    entry.grade = kNoGrade;
  }

  const CsvTable& table_;
  const ListColumns& columns_;
  const GradeScale& scale_;
  Findings& findings_;
  GradedList list_;
  int lowest_ = std::numeric_limits<int>::max(), highest_ = std::numeric_limits<int>::min();
};

}  // namespace

std::string id_key(const std::string& id) { return plain_name(without_image_ending(id)); }

std::string distribution_doubt(std::span<const double> outputs) {
  double sum = 0;
  for (const double p : outputs) {
    if (p < 0 || p > 1) return "holds " + fixed_text(p, 3) + ", outside 0 to 1";
    sum += p;
  }
  return std::abs(sum - 1) <= evaluate::kSumTolerance ? "" : "sums to " + fixed_text(sum, 3) + ", not to 1";
}

ListColumns find_columns(const CsvTable& table, const std::string& file, const std::string& id,
                         const std::string& grade, const std::vector<std::string>& grade_names,
                         const std::string& id_option, const std::string& grade_option) {
  using Names = std::vector<std::string>;
  ListColumns columns;
  columns.id = need_column(table, file, id.empty() ? id_column_names() : Names{id}, id_option);
  columns.grade = need_column(table, file, grade.empty() ? grade_names : Names{grade}, grade_option);
  if (columns.id == columns.grade) fail_at(file, table.header_line, "ids and grades cannot be the same column");
  for (const std::string& name : gradable_column_names()) {
    if (!columns.gradable) columns.gradable = table.column(name);
  }
  while (true) {
    const std::string name = "p" + std::to_string(columns.probabilities.size());
    if (table.columns(name).empty()) break;
    columns.probabilities.push_back(need_column(table, file, {name}));
  }
  return columns;
}

GradedList read_list(const CsvTable& table, const std::string& file, const ListColumns& columns,
                     const GradeScale& scale, Findings& findings) {
  return Reader(table, file, columns, scale, findings).read();
}

GradedEntry entry_of(const InputItem& item) {
  return {.id = item.id, .key = id_key(item.id), .path = item.path, .page = item.page};
}

GradedList as_list(const std::vector<InputItem>& items, const std::string& folder) {
  GradedList list;
  list.file = folder;
  for (const InputItem& item : items) list.entries.push_back(entry_of(item));
  return list;
}

}  // namespace fovea::tools
