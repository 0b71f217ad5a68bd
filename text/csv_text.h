// What stands in a table of text, before it is cut into cells: its characters, and what separates the cells.
#pragma once

#include <string>
#include <string_view>

namespace fovea::tools {

/// The bytes of a file as UTF-8 without a byte order mark; UTF-16 of either order is recognised with or without one.
/// Throws Error, naming what it is instead (a workbook, an HTML page, ...) where that can be told, for what is no text.
std::string table_text(std::string_view bytes, const std::string& name);

/// What stands between the cells of a table.
struct Separator {
  char character = ',';
  std::size_t skip = 0;  ///< bytes of a first line `sep=;` that only says so
};

/// A comma, semicolon, tab or vertical bar: the one that stands in the header and cuts the first rows into as many
/// cells as the header has; a comma if none does. A blank only in a list of pictures' names without blanks, each with a
/// number behind it.
Separator find_separator(std::string_view text);

/// Length of the physical line that `text` starts with, its end (LF, CRLF or CR) included.
std::size_t line_length(std::string_view text);

}  // namespace fovea::tools
