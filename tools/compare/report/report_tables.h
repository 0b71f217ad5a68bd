// The tables of report.html: with headers, a name for those who hear them, and a sign where they scroll.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/compare/study/study.h"

namespace fovea::tools {

/// "<section><h2>title</h2>content</section>"
std::string section(const std::string& title, const std::string& content);

/// What may be wider than the page: it scrolls, also by keyboard. `name` says what it is.
std::string scrolled(const std::string& name, const std::string& html);

/// A row; cells are HTML already. The first is the row's header; the first `texts` of them are texts, the others
/// numbers.
std::string table_row(const std::vector<std::string>& html, std::size_t texts);

/// A table of `rows`. Without `header` cells it has none.
std::string table(const std::string& name, const std::vector<std::string>& header, std::size_t texts,
                  const std::string& rows);

/// What is known about something, one fact a row. A model card is a table of its own below.
std::string facts_table(const std::string& name, const Facts& facts);

/// The value of a fact, empty if it is not known.
std::string fact(const Facts& facts, const std::string& key);

}  // namespace fovea::tools
