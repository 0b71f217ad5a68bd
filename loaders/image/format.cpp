// Formats by their first bytes, and the names that tools look for in a folder.
#include "loaders/image/format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "loaders/image/image.h"

namespace fovea {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  ImageFormat format;
};

constexpr std::array<Signature, 7> kSignatures = {{{"\xff\xd8\xff"sv, ImageFormat::jpeg},
                                                   {"\x89PNG\r\n\x1a\n"sv, ImageFormat::png},
                                                   {"II\x2a\0"sv, ImageFormat::tiff},
                                                   {"MM\0\x2a"sv, ImageFormat::tiff},
                                                   {"II\x2b\0"sv, ImageFormat::tiff},  // BigTIFF
                                                   {"MM\0\x2b"sv, ImageFormat::tiff},
                                                   {"BM"sv, ImageFormat::bmp}}};
constexpr std::array<std::string_view, 6> kExtensions = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"};

}  // namespace

std::optional<ImageFormat> sniff_format(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Signature& signature : kSignatures) {
    if (text.substr(0, signature.bytes.size()) == signature.bytes) return signature.format;
  }
  return std::nullopt;
}

bool is_image_name(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return false;
  std::string extension = name.substr(dot);
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

}  // namespace fovea
