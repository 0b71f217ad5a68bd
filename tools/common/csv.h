// Comma-separated values as spreadsheets write them: a strict reader with line numbers, and the quoting of one row.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace fovea::tools {

struct CsvRow {
  std::size_t line = 0;  ///< in the file, counted from 1, where the row begins
  std::vector<std::string> cells;
};

struct CsvTable {
  std::size_t header_line = 1;
  std::vector<std::string> header;
  std::vector<CsvRow> rows;  ///< each with as many cells as the header

  std::optional<std::size_t> column(const std::string& name) const;
};

/// Parses `text`: a header row, then rows of as many cells. A byte order mark, any line ends, blank lines and quoted
/// cells are understood. Throws Error "NAME:LINE: reason".
CsvTable parse_csv(const std::string& text, const std::string& name);

/// Reads and parses a file. Throws Error.
CsvTable read_csv(const std::string& path);

/// The first of `names` that is a column. Throws Error that lists what there is instead.
std::size_t need_column(const CsvTable& table, const std::string& path, const std::vector<std::string>& names);

/// One row with its line end; cells with commas, quotes, line ends or outer blanks are quoted.
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace fovea::tools
