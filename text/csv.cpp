// Comma-separated values as spreadsheets write them: a strict reader with line numbers, and the quoting of one row.
#include "text/csv.h"

#include <csv.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <string_view>

#include <fovea/error.h>
#include "pictures/decode/image.h"
#include "text/csv_text.h"
#include "text/text.h"

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
  explicit Parser(char separator) {
    if (csv_init(this, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
    csv_set_delim(this, static_cast<unsigned char>(separator));
  }
  ~Parser() { csv_free(this); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
};

[[noreturn]] void fail_at(const std::string& name, std::size_t line, const std::string& reason) {
  throw Error(printable(name) + ":" + std::to_string(line) + ": " + reason);
}

std::vector<CsvRow> parse_rows(std::string_view text, const std::string& name) {
  const Separator separator = find_separator(text);
  Parser parser(separator.character);
  Collector collector;
  if (separator.skip > 0) {
    text.remove_prefix(separator.skip);
    ++collector.line;
  }
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

// How many of the cells stand up to the last that holds something.
std::size_t used_cells(const std::vector<std::string>& cells) {
  std::size_t used = cells.size();
  while (used > 0 && cells[used - 1].empty()) --used;
  return used;
}

// Rows with nothing in them, and what stands empty behind the last column, are left by spreadsheets.
void tidy(CsvTable& table, const std::string& name) {
  std::erase_if(table.rows, [](const CsvRow& row) { return used_cells(row.cells) == 0; });
  const std::size_t named = used_cells(table.header);
  std::size_t width = named;
  for (const CsvRow& row : table.rows) {
    const std::size_t used = used_cells(row.cells);
    if (used > table.header.size() || row.cells.size() < named) {
      fail_at(name, row.line,
              count_text(row.cells.size(), "cell") + ", the header has " + std::to_string(table.header.size()));
    }
    width = std::max(width, used);
  }
  table.header.resize(width);
  for (CsvRow& row : table.rows) row.cells.resize(width);
}

// Names of columns are compared by their letters and digits: "Image name", "image_name" and "Image Name " are one.
std::string plain_column(std::string_view name) {
  constexpr std::string_view kFixedBlank = "\xC2\xA0";
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (name.substr(i).starts_with(kFixedBlank)) {
      ++i;
    } else if (c >= 'A' && c <= 'Z') {
      plain += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80) != 0) {
      plain += c;
    }
  }
  return plain;
}

// Whether the first row holds a picture's name or a number where a name of a column should be.
bool looks_like_data(const std::vector<std::string>& header) {
  return std::any_of(header.begin(), header.end(), [](const std::string& cell) {
    return is_image_name(cell) || (!cell.empty() && cell.find_first_not_of("0123456789.,") == std::string::npos);
  });
}

// A first row that is no header, of the only columns whose meaning needs none: a picture's name, and its grade.
bool is_bare_list(const std::vector<std::string>& first) {
  const std::size_t used = used_cells(first);
  return (used == 1 || (used == 2 && cell_number(first[1]))) && is_image_name(first[0]);
}

[[noreturn]] void no_column(const CsvTable& table, const std::string& path, const std::vector<std::string>& names,
                            const std::string& option) {
  constexpr std::size_t kNamed = 6;
  std::string reason = "no column ";
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) {
    if (i > 0) reason += i + 1 < names.size() ? ", " : " or ";
    reason += "'" + printable(names[i]) + "'";
  }
  if (names.size() > kNamed) reason += " or the like";
  reason += "; the header is";
  for (const std::string& name : table.header) reason += " '" + printable(name) + "'";
  if (looks_like_data(table.header)) reason += " (a first row with the names of the columns is needed)";
  if (!option.empty() && !looks_like_data(table.header)) reason += "; " + option + " says which";
  fail_at(path, table.header_line, reason);
}

}  // namespace

std::vector<std::size_t> CsvTable::columns(const std::string& name) const {
  std::vector<std::size_t> exact, alike;
  const std::string plain = plain_column(name);
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i] == name) exact.push_back(i);
    if (!plain.empty() && plain_column(header[i]) == plain) alike.push_back(i);
  }
  return exact.empty() ? alike : exact;
}

std::optional<std::size_t> CsvTable::column(const std::string& name) const {
  const std::vector<std::size_t> found = columns(name);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

CsvTable parse_csv(const std::string& bytes, const std::string& name) {
  const std::string text = table_text(bytes, name);
  CsvTable table;
  table.rows = parse_rows(text, name);
  if (table.rows.empty()) throw Error(printable(name) + ": is empty, a header row is needed");
  table.header_line = table.rows.front().line;
  if (is_bare_list(table.rows.front().cells)) {
    table.header = {"image", "grade"};
    table.header.resize(used_cells(table.rows.front().cells));
  } else {
    table.header = std::move(table.rows.front().cells);
    table.rows.erase(table.rows.begin());
  }
  tidy(table, name);
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

std::size_t need_column(const CsvTable& table, const std::string& path, const std::vector<std::string>& names,
                        const std::string& option) {
  for (const std::string& name : names) {
    const std::vector<std::size_t> found = table.columns(name);
    if (found.size() > 1) {
      fail_at(path, table.header_line, "two columns have the name '" + printable(table.header[found[1]]) + "'");
    }
    if (found.size() == 1) return found.front();
  }
  no_column(table, path, names, option);
}

bool is_missing(std::string_view cell) {
  static constexpr std::string_view kMissing[] = {"",     "na",   "n/a", "nan", "#n/a", "none",
                                                  "null", "<na>", "-",   "--",  "?",    "."};
  std::string lower(cell);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(std::begin(kMissing), std::end(kMissing), lower) != std::end(kMissing);
}

std::optional<double> cell_number(std::string_view cell) {
  std::string text(cell);
  if (const std::size_t comma = text.find(','); comma != std::string::npos && text.find('.') == std::string::npos) {
    text[comma] = '.';
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
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
