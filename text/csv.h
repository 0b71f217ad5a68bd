// Tables of text as spreadsheets and people write them: a strict reader with line numbers, and the quoting of one row.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fovea::tools {

struct CsvRow {
  std::size_t line = 0;  ///< in the file, counted from 1, where the row begins
  std::vector<std::string> cells;
};

struct CsvTable {
  std::size_t header_line = 1;  ///< that of the first row where there is no header
  std::vector<std::string> header;
  std::vector<CsvRow> rows;  ///< each with as many cells as the header

  /// The columns of this name; where none is named exactly so, those whose letters and digits are the same whatever
  /// their case: "Image name" is `image_name`.
  std::vector<std::size_t> columns(const std::string& name) const;
  /// The first of them.
  std::optional<std::size_t> column(const std::string& name) const;
};

/// Parses a table: a header row, then rows of as many cells. A list that begins with a picture's name, and a number at
/// most, has no header: its columns are `image` and `grade`. Blanks may divide these two. Understood are UTF-8 and
/// UTF-16 with or without a byte order mark, any line ends, quoted cells, and commas, semicolons, tabs or bars between
/// the cells. Rows without anything in them are passed over, and so are empty cells behind the last column. Throws
/// Error "NAME:LINE: reason".
CsvTable parse_csv(const std::string& bytes, const std::string& name);

/// Reads and parses a file. Throws Error.
CsvTable read_csv(const std::string& path);

/// The first of `names` that is a column. Throws Error that lists what there is instead, or says that two columns bear
/// that name. `option` names the column instead, where there is one.
std::size_t need_column(const CsvTable& table, const std::string& path, const std::vector<std::string>& names,
                        const std::string& option = "");

/// Whether a cell says that its value is not known: empty, NA, N/A, NaN, None, null, "-" and the like, in any case.
bool is_missing(std::string_view cell);

/// A finite number, with a point or a comma before its decimals; nothing for anything else.
std::optional<double> cell_number(std::string_view cell);

/// One row with its line end; cells with commas, quotes, line ends or outer blanks are quoted.
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace fovea::tools
