// Pieces of a self-contained HTML page.
#include "text/html.h"

#include <cstdint>

#include "text/text.h"
#include "text/utf8.h"

namespace fovea::tools {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void add_ascii(std::string& html, char c) {
  switch (c) {
    case '&':
      html += "&amp;";
      break;
    case '<':
      html += "&lt;";
      break;
    case '>':
      html += "&gt;";
      break;
    case '"':
      html += "&quot;";
      break;
    case '\'':
      html += "&#39;";
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
        html += kReplacement;
      } else {
        html += c;
      }
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string html;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 1) {
      add_ascii(html, text.front());
    } else if (length == 0) {
      html += kReplacement;
    } else {
      html += printable(text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return html;
}

std::string data_uri(std::string_view type, std::string_view bytes) {
  constexpr const char* kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string uri = "data:" + std::string(type) + ";base64,";
  uri.reserve(uri.size() + 4 * ((bytes.size() + 2) / 3));
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = i; k < i + 3; ++k) {
      three = three << 8 | (k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) uri += i + k > bytes.size() ? '=' : kDigits[three >> (18 - 6 * k) & 63];
  }
  return uri;
}

}  // namespace fovea::tools
