// A list of ids with a grade each, and with probabilities where there are any: the benchmark, or what was predicted.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "text/csv.h"
#include "tools/common/input/input_list.h"
#include "tools/compare/input/findings.h"

namespace fovea::tools {

inline constexpr int kNoGrade = -1;
inline constexpr std::size_t kNoEntry = std::numeric_limits<std::size_t>::max();

/// An id without the extension of an image, and as it was before safe_name (text/names.h).
std::string id_key(const std::string& id);

struct GradedEntry {
  std::string id;                  ///< as given; empty if it is missing
  std::string key;                 ///< id_key of it
  int grade = kNoGrade;            ///< of a row that cannot be used, which is among the findings
  std::size_t line = 0;            ///< in its file, 0 = none
  std::string path;                ///< of its image, where that is known
  int page = 1;                    ///< of that file
  std::size_t repeats = kNoEntry;  ///< index of the first entry with this id
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
  std::optional<std::size_t> gradable;     ///< a yes or no whether the picture could be graded
  std::vector<std::size_t> probabilities;  ///< p0, p1, ... without a gap; may be empty
};

/// Finds the columns. `id` and `grade` are names that were asked for, or empty; by which options, errors say. Throws
/// Error.
ListColumns find_columns(const CsvTable& table, const std::string& file, const std::string& id,
                         const std::string& grade, const std::vector<std::string>& grade_names,
                         const std::string& id_option = "--id-column NAME",
                         const std::string& grade_option = "--grade-column NAME");

/// What the cells of a list may hold.
struct GradeScale {
  std::vector<std::string> names;  ///< of the grades, one for each; a name may be empty
  std::optional<int> first;        ///< number of the lowest grade in the file, if that was said; 0 otherwise
  int classes() const { return static_cast<int>(names.size()); }
};

/// Reads the list of a CSV. Rows with a missing value, of a picture that could not be graded, with a grade out of range
/// or an id that was there before are listed in `findings` and get no grade. Throws Error "FILE:LINE: reason" for a
/// grade or a probability that is none, for a table without rows, and for grades that seem to be counted from 1.
GradedList read_list(const CsvTable& table, const std::string& file, const ListColumns& columns,
                     const GradeScale& scale, Findings& findings);

/// Images to match others with, without grades.
GradedEntry entry_of(const InputItem& item);
GradedList as_list(const std::vector<InputItem>& items, const std::string& folder);

}  // namespace fovea::tools
