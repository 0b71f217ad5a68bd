// What became of the images so far, and what the console is told of it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "tools/common/grade/grader.h"
#include "tools/common/grade/run_record.h"
#include "tools/common/input/input_list.h"

namespace fovea::tools {

/// One line on standard error, with the program's name before it.
void print_error(const std::string& message);

/// Counts, and the first reasons why images could not be graded.
struct Tally {
  std::size_t shown = 5;  ///< how many reasons the console is told; all of them stand in the file
  Counts counts;
  std::vector<std::string> errors;

  std::size_t done() const { return counts.graded + counts.errors; }
  void add(const InputItem& item, const Graded& graded);
  /// `file` = where all reasons stand, may be empty.
  void print_errors(const std::filesystem::path& file) const;
};

}  // namespace fovea::tools
