// Names of files as ids and as cells of a CSV: safe wherever they are shown or opened, and still the name of one file.
#pragma once

#include <string>
#include <string_view>

namespace fovea::tools {

/// A byte as `%XX`.
std::string percent_text(char byte);

/// A name of any bytes as UTF-8 that neither a terminal nor a spreadsheet takes for anything else. Bytes become `%XX`
/// where they are no UTF-8 or cannot be seen (control characters, marks of direction), and where `=`, `+`, `-` or `@`
/// would begin a formula: first of all, or after a comma or semicolon. A `%` becomes `%25` where two hexadecimal digits
/// follow. So no two names become one, and ordinary names stay as they are.
std::string safe_name(std::string_view name);

/// The same for JSON, where nothing is a formula.
std::string utf8_name(std::string_view name);

/// An id from anywhere as safe_name writes it; one that is written so stays.
std::string safe_id(const std::string& id);

/// The name that safe_name or utf8_name made `safe` of.
std::string plain_name(std::string_view safe);

/// `name` without the ending of a picture (".jpg", ".DCM"), if it has one and something stands before it; a page's
/// number stays: "a.tif#2" becomes "a#2".
std::string without_image_ending(std::string_view name);

/// The number of a page at the end of an id, with its mark: "#2"; empty if there is none.
std::string_view page_mark(std::string_view id);

/// The ASCII letters of `text` in lower case.
std::string lower_case(std::string_view text);

}  // namespace fovea::tools
