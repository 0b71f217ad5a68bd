// Comma-separated values as spreadsheets write them: a strict reader with line numbers, and the quoting of one row.
#include "tools/common/csv.h"

#include <csv.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <new>
#include <string_view>

#include "layers/error.h"
#include "tools/common/text.h"

namespace fovea::tools {

namespace {

// A list of image names of this size holds millions of rows; a larger file is something else.
constexpr std::size_t kMaxBytes = std::size_t{256} << 20;

// Gathers what libcsv reports. C code calls the two functions below, so nothing may be thrown through it.
struct Collector {
  std::size_t line = 1;
  std::size_t row_line = 0;  // 0 = between two rows
  std::vector<std::string> cells;
  std::vector<CsvRow> rows;
  bool out_of_memory = false;
};

void on_cell(void* data, std::size_t size, void* user) noexcept {
  auto& collector = *static_cast<Collector*>(user);
  try {
    collector.cells.emplace_back(static_cast<const char*>(data), size);
  } catch (const std::bad_alloc&) {
    collector.out_of_memory = true;
  }
}

void on_row(int, void* user) noexcept {
  auto& collector = *static_cast<Collector*>(user);
  try {
    collector.rows.push_back({collector.row_line, std::move(collector.cells)});
    collector.cells.clear();
    collector.row_line = 0;
  } catch (const std::bad_alloc&) {
    collector.out_of_memory = true;
  }
}

struct Parser : csv_parser {
  Parser() {
    if (csv_init(this, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
  }
  ~Parser() { csv_free(this); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
};

// Length of the physical line that `text` starts with, its end (LF, CRLF or CR) included.
std::size_t line_length(std::string_view text) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return text.size();
  const bool crlf = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  return end + (crlf ? 2 : 1);
}

[[noreturn]] void fail_at(const std::string& name, std::size_t line, const std::string& reason) {
  throw Error(printable(name) + ":" + std::to_string(line) + ": " + reason);
}

std::vector<CsvRow> parse_rows(std::string_view text, const std::string& name) {
  Parser parser;
  Collector collector;
  // libcsv counts no lines, so it is fed one at a time.
  while (!text.empty()) {
    const std::string_view line = text.substr(0, line_length(text));
    if (collector.row_line == 0) collector.row_line = collector.line;
    if (csv_parse(&parser, line.data(), line.size(), on_cell, on_row, &collector) != line.size()) {
      fail_at(name, collector.line, "a quote stands inside a cell, or something follows a quoted cell");
    }
    if (collector.cells.empty() && parser.pstate == 0) collector.row_line = 0;  // a blank line starts no row
    text.remove_prefix(line.size());
    ++collector.line;
  }
  if (csv_fini(&parser, on_cell, on_row, &collector) != 0) fail_at(name, collector.row_line, "a quote is not closed");
  if (collector.out_of_memory) throw Error(printable(name) + ": not enough memory");
  return std::move(collector.rows);
}

}  // namespace

std::optional<std::size_t> CsvTable::column(const std::string& name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

CsvTable parse_csv(const std::string& text, const std::string& name) {
  std::string_view body = text;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  if (body.starts_with("\xFF\xFE") || body.starts_with("\xFE\xFF") || body.find('\0') != std::string_view::npos) {
    throw Error(printable(name) + ": is no CSV in UTF-8 (binary, or saved as UTF-16)");
  }
  CsvTable table;
  table.rows = parse_rows(body, name);
  if (table.rows.empty()) throw Error(printable(name) + ": is empty, a header row is needed");
  table.header_line = table.rows.front().line;
  table.header = std::move(table.rows.front().cells);
  table.rows.erase(table.rows.begin());
  for (const CsvRow& row : table.rows) {
    if (row.cells.size() != table.header.size()) {
      fail_at(name, row.line,
              count_text(row.cells.size(), "cell") + ", the header has " + std::to_string(table.header.size()));
    }
  }
  return table;
}

CsvTable read_csv(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) throw Error(printable(path) + ": no such file");
  if (!std::filesystem::is_regular_file(status)) throw Error(printable(path) + ": is not a regular file");
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > kMaxBytes) throw Error(printable(path) + ": is larger than a list of images can be (256 MiB)");
  std::ifstream stream(path, std::ios::binary);
  std::string text(error ? 0 : static_cast<std::size_t>(size), '\0');
  if (!stream || !stream.read(text.data(), static_cast<std::streamsize>(text.size()))) {
    throw Error(printable(path) + ": cannot be read");
  }
  return parse_csv(text, path);
}

std::size_t need_column(const CsvTable& table, const std::string& path, const std::vector<std::string>& names) {
  std::string reason = "no column ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (const auto column = table.column(names[i])) return *column;
    if (i > 0) reason += i + 1 < names.size() ? ", " : " or ";
    reason += "'" + printable(names[i]) + "'";
  }
  reason += "; the header is";
  for (const std::string& name : table.header) reason += " '" + printable(name) + "'";
  const bool other_separator =
      table.header.size() == 1 && table.header.front().find_first_of(";\t") != std::string::npos;
  fail_at(path, table.header_line, reason + (other_separator ? " (cells must be separated by commas)" : ""));
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string& cell = cells[i];
    if (i > 0) line += ',';
    const bool outer_blank = !cell.empty() && (std::string_view(" \t").find(cell.front()) != std::string_view::npos ||
                                               std::string_view(" \t").find(cell.back()) != std::string_view::npos);
    // A row of one empty cell would be a blank line.
    const bool only_empty = cells.size() == 1 && cell.empty();
    if (!outer_blank && !only_empty && cell.find_first_of(",\"\r\n") == std::string::npos) {
      line += cell;
      continue;
    }
    std::string quoted(csv_write(nullptr, 0, cell.data(), cell.size()), '\0');
    csv_write(quoted.data(), quoted.size(), cell.data(), cell.size());
    line += quoted;
  }
  return line + '\n';
}

}  // namespace fovea::tools
