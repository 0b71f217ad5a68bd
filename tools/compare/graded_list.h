// A list of ids with a grade each, and with probabilities where there are any: the benchmark, or what was predicted.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "tools/common/csv.h"
#include "tools/compare/findings.h"

namespace fovea::tools {

inline constexpr int kNoGrade = -1;

/// The id as lists are joined by it: without the extension of an image.
std::string id_key(const std::string& id);

struct GradedEntry {
  std::string id;        ///< as given
  std::string key;       ///< empty if the id is
  int grade = kNoGrade;  ///< of a row that cannot be used, which is among the findings
  std::size_t line = 0;  ///< in its file, 0 = none
  std::string path;      ///< of its image, where that is known
};

struct GradedList {
  std::string file;  ///< for messages
  std::vector<GradedEntry> entries;
  int classes = 0;
  std::vector<double> probabilities;  ///< entries.size() x classes, or empty
  std::string no_probabilities;       ///< why there are none
};

/// Why outputs are no distribution over the classes ("sums to 1.700, not to 1"); empty if they are one.
std::string distribution_doubt(std::span<const double> outputs);

/// Where a list stands in a CSV.
struct ListColumns {
  std::size_t id = 0, grade = 0;
  std::vector<std::size_t> probabilities;  ///< p0, p1, ... without a gap; may be empty
};

/// Finds the columns. `id` and `grade` are names that were asked for, or empty. Throws Error.
ListColumns find_columns(const CsvTable& table, const std::string& file, const std::string& id,
                         const std::string& grade, const std::vector<std::string>& grade_names);

/// Reads the list of a CSV whose grades are 0 to classes - 1. Rows with an empty cell, a grade out of range or an id
/// that was there before are listed in `findings` and get no grade. Throws Error "FILE:LINE: reason" for a grade or a
/// probability that is no number, and for a table without rows.
GradedList read_list(const CsvTable& table, const std::string& file, const ListColumns& columns, int classes,
                     Findings& findings);

/// Indices of the entries in the order of their keys, entries without a key left out; equal keys in the list's order.
std::vector<std::size_t> sorted_by_key(const GradedList& list);

/// The entry of `key` among `sorted`, the first of equals; nullptr if there is none.
const GradedEntry* find_key(const GradedList& list, const std::vector<std::size_t>& sorted, const std::string& key);

}  // namespace fovea::tools
