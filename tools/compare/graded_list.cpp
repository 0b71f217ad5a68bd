// A list of ids with a grade each, read from a CSV.
#include "tools/compare/graded_list.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>
#include <optional>

#include "layers/error.h"
#include "loaders/image/image.h"
#include "tools/common/label_columns.h"
#include "tools/common/text.h"
#include "tools/evaluate/sample.h"

namespace fovea::tools {

namespace {

[[noreturn]] void fail_at(const std::string& file, std::size_t line, const std::string& reason) {
  throw Error(printable(file) + ":" + std::to_string(line) + ": " + reason);
}

// Spreadsheets and pandas write "2" or "2.0". Nothing for what is no whole number; what no int holds becomes the
// largest, which is out of every range.
std::optional<int> whole_number(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point != std::string_view::npos) {
    if (text.find_first_not_of('0', point + 1) != std::string_view::npos) return std::nullopt;
    text = text.substr(0, point);
  }
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return std::nullopt;
  return error == std::errc::result_out_of_range ? std::numeric_limits<int>::max() : value;
}

double probability(const std::string& text, const std::string& file, std::size_t line) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error != std::errc() || !std::isfinite(value)) {
    fail_at(file, line, "'" + printable(text) + "' is no probability");
  }
  return value;
}

class Reader {
 public:
  Reader(const CsvTable& table, const std::string& file, const ListColumns& columns, int classes, Findings& findings)
      : table_(table), columns_(columns), findings_(findings) {
    list_.file = file;
    list_.classes = classes;
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
    drop_duplicates();
    return std::move(list_);
  }

 private:
  void report(Problem problem, const CsvRow& row, const std::string& detail) {
    findings_.add({problem, list_.file, row.line, row.cells[columns_.id], detail});
  }

  GradedEntry entry(const CsvRow& row) {
    const std::string& id = row.cells[columns_.id];
    GradedEntry made{id, id_key(id), kNoGrade, row.line};
    const std::string& cell = row.cells[columns_.grade];
    if (id.empty()) {
      report(Problem::empty_cell, row, "no id");
    } else if (cell.empty()) {
      report(Problem::empty_cell, row, "no " + table_.header[columns_.grade]);
    } else if (const std::optional<int> grade = whole_number(cell); !grade) {
      fail_at(list_.file, row.line, "'" + printable(cell) + "' is no grade, a whole number is needed");
    } else if (*grade < 0 || *grade >= list_.classes) {
      report(Problem::grade_out_of_range, row, cell + ", grades are 0 to " + std::to_string(list_.classes - 1));
    } else {
      made.grade = *grade;
    }
    return made;
  }

  void add_probabilities(const CsvRow& row) {
    GradedEntry& made = list_.entries.back();
    std::vector<double> values(columns_.probabilities.size(), 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string& cell = row.cells[columns_.probabilities[i]];
      if (!cell.empty()) {
        values[i] = probability(cell, list_.file, row.line);
      } else if (made.grade != kNoGrade) {
        made.grade = kNoGrade;
        report(Problem::empty_cell, row, "no p" + std::to_string(i));
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

  // The first row of an id counts.
  void drop_duplicates() {
    const std::vector<std::size_t> sorted = sorted_by_key(list_);
    std::vector<std::pair<std::size_t, std::size_t>> repeated;  // index, index of the first
    for (std::size_t i = 1, first = 0; i < sorted.size(); ++i) {
      if (list_.entries[sorted[i]].key == list_.entries[sorted[first]].key) {
        repeated.emplace_back(sorted[i], sorted[first]);
      } else {
        first = i;
      }
    }
    std::sort(repeated.begin(), repeated.end());
    for (const auto& [index, first] : repeated) {
      GradedEntry& entry = list_.entries[index];
      const GradedEntry& before = list_.entries[first];
      const bool other = entry.grade != before.grade && entry.grade != kNoGrade && before.grade != kNoGrade;
      report(Problem::duplicate_id, table_.rows[index],
             "first in line " + std::to_string(before.line) +
                 (other ? ", and contradicts it: " + std::to_string(entry.grade) + " against " +
                              std::to_string(before.grade)
                        : ""));
      entry.grade = kNoGrade;
    }
  }

  const CsvTable& table_;
  const ListColumns& columns_;
  Findings& findings_;
  GradedList list_;
};

}  // namespace

std::string id_key(const std::string& id) {
  return is_image_name(id) ? std::filesystem::path(id).replace_extension().string() : id;
}

std::string distribution_doubt(std::span<const double> outputs) {
  double sum = 0;
  for (const double p : outputs) {
    if (p < 0 || p > 1) return "holds " + fixed_text(p, 3) + ", outside 0 to 1";
    sum += p;
  }
  return std::abs(sum - 1) <= evaluate::kSumTolerance ? "" : "sums to " + fixed_text(sum, 3) + ", not to 1";
}

ListColumns find_columns(const CsvTable& table, const std::string& file, const std::string& id,
                         const std::string& grade, const std::vector<std::string>& grade_names) {
  using Names = std::vector<std::string>;
  ListColumns columns;
  columns.id = need_column(table, file, id.empty() ? id_column_names() : Names{id});
  columns.grade = need_column(table, file, grade.empty() ? grade_names : Names{grade});
  if (columns.id == columns.grade) fail_at(file, table.header_line, "ids and grades cannot be the same column");
  while (true) {
    const std::string name = "p" + std::to_string(columns.probabilities.size());
    if (table.columns(name).empty()) break;
    columns.probabilities.push_back(need_column(table, file, {name}));
  }
  return columns;
}

GradedList read_list(const CsvTable& table, const std::string& file, const ListColumns& columns, int classes,
                     Findings& findings) {
  return Reader(table, file, columns, classes, findings).read();
}

std::vector<std::size_t> sorted_by_key(const GradedList& list) {
  std::vector<std::size_t> sorted;
  for (std::size_t i = 0; i < list.entries.size(); ++i) {
    if (!list.entries[i].key.empty()) sorted.push_back(i);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](std::size_t a, std::size_t b) { return list.entries[a].key < list.entries[b].key; });
  return sorted;
}

const GradedEntry* find_key(const GradedList& list, const std::vector<std::size_t>& sorted, const std::string& key) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), key, [&](std::size_t i, const std::string& wanted) {
    return list.entries[i].key < wanted;
  });
  return found != sorted.end() && list.entries[*found].key == key ? &list.entries[*found] : nullptr;
}

}  // namespace fovea::tools
