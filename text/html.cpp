// Pieces of a self-contained HTML page.
#include "text/html.h"

#include <openssl/evp.h>

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
  std::string base64(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL adds a NUL
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  base64.resize(static_cast<std::size_t>(length));
  return "data:" + std::string(type) + ";base64," + base64;
}

}  // namespace fovea::tools
