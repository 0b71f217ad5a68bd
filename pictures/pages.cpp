// The pages of a file on disk, without reading its pixels.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>

#include "pictures/decode/format.h"
#include "pictures/decode/image.h"
#include "pictures/decode/tiff/tiff_pages.h"

namespace fovea {

PicturePages picture_pages(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) return {};
  const ReadAt read = [&](std::uint64_t offset, std::uint8_t* out, std::size_t count) {
    if (offset > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max())) return false;
    if (::fseeko(file.get(), static_cast<off_t>(offset), SEEK_SET) != 0) return false;
    return std::fread(out, 1, count, file.get()) == count;
  };
  std::array<std::uint8_t, 8> begin{};
  if (!read(0, begin.data(), begin.size())) return {};
  if (sniff_format(begin.data(), begin.size()) != ImageFormat::tiff) return {};
  const TiffPages pages = tiff_pages(read);
  return {std::max(1, static_cast<int>(pages.directories.size())), pages.problem};
}

}  // namespace fovea
