// Pieces of a self-contained HTML page.
#pragma once

#include <string>
#include <string_view>

namespace fovea::tools {

/// `text` as content or as a quoted attribute's value: no character of it is read as HTML, control characters and what
/// is no UTF-8 become U+FFFD, other invisible characters (marks of direction) are spelled out as `printable` does.
std::string escaped(std::string_view text);

/// "data:image/png;base64,..."
std::string data_uri(std::string_view type, std::string_view bytes);

}  // namespace fovea::tools
