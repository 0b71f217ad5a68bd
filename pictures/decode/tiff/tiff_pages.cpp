// Walks along the list of directories, with bounds.
#include "pictures/decode/tiff/tiff_pages.h"

#include <algorithm>
#include <array>
#include <optional>

namespace fovea {
namespace {

constexpr std::size_t kMaxDirectories = 1000;
// Of all directories together: libtiff writes some twenty a page, scanners and microscopes some sixty.
constexpr std::uint64_t kMaxEntries = 200'000;
constexpr std::uint32_t kNewSubfileType = 254, kSubfileType = 255, kSubDirectories = 330, kDngVersion = 50706;
constexpr std::uint64_t kReducedBit = 1, kMaskBit = 4;  // of NewSubfileType
constexpr std::uint64_t kReducedImage = 2;              // a value of SubfileType

std::uint64_t number(const std::uint8_t* p, std::size_t bytes, bool big_endian) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | p[big_endian ? i : bytes - 1 - i];
  return value;
}

struct Directory {
  bool full_size = true, has_children = false, is_dng = false;
  std::uint64_t entries = 0;
  std::uint64_t next = 0;
};

/// What classic TIFF and BigTIFF have in common, with the sizes in which they differ.
class DirectoryReader {
 public:
  explicit DirectoryReader(const ReadAt& read) : read_(read) {
    std::array<std::uint8_t, 16> header{};
    if (!read_(0, header.data(), 8)) return;
    big_endian_ = header[0] == 'M';
    big_ = number(header.data() + 2, 2, big_endian_) == 43;
    if (big_ && !read_(0, header.data(), 16)) return;
    first_ = number(header.data() + (big_ ? 8 : 4), offset_bytes(), big_endian_);
  }

  std::uint64_t first() const { return first_; }

  /// Nothing if it is cut off or has more entries than `most`.
  std::optional<Directory> at(std::uint64_t offset, std::uint64_t most) const {
    std::array<std::uint8_t, 8> word{};
    const std::size_t count_bytes = big_ ? 8 : 2, entry_bytes = big_ ? 20 : 12;
    if (!read_(offset, word.data(), count_bytes)) return std::nullopt;
    Directory directory;
    directory.entries = number(word.data(), count_bytes, big_endian_);
    if (directory.entries > most) return std::nullopt;
    std::vector<std::uint8_t> entries(directory.entries * entry_bytes);
    if (!read_(offset + count_bytes, entries.data(), entries.size())) return std::nullopt;
    for (std::size_t at = 0; at < entries.size(); at += entry_bytes) look_at(entries.data() + at, directory);
    // A list that is cut off behind its last directory is as good as ended: libtiff takes it so, too.
    if (read_(offset + count_bytes + entries.size(), word.data(), offset_bytes())) {
      directory.next = number(word.data(), offset_bytes(), big_endian_);
    }
    return directory;
  }

 private:
  std::size_t offset_bytes() const { return big_ ? 8 : 4; }

  void look_at(const std::uint8_t* entry, Directory& directory) const {
    const std::uint64_t tag = number(entry, 2, big_endian_), type = number(entry + 2, 2, big_endian_);
    if (tag == kSubDirectories) directory.has_children = true;
    if (tag == kDngVersion) directory.is_dng = true;
    if (tag != kNewSubfileType && tag != kSubfileType) return;
    const std::size_t bytes = type == 1 ? 1 : type == 3 ? 2 : 4;
    const std::uint64_t value = number(entry + (big_ ? 12 : 8), bytes, big_endian_);
    const bool other = tag == kSubfileType ? value == kReducedImage : (value & (kReducedBit | kMaskBit)) != 0;
    if (other) directory.full_size = false;
  }

  const ReadAt& read_;
  bool big_endian_ = false, big_ = false;
  std::uint64_t first_ = 0;
};

}  // namespace

TiffPages tiff_pages(const ReadAt& read) {
  const DirectoryReader reader(read);
  TiffPages pages;
  std::vector<std::uint64_t> seen;
  std::uint64_t entries_left = kMaxEntries;
  bool children = false;  // of the first directory
  for (std::uint64_t offset = reader.first(); offset != 0;) {
    if (std::find(seen.begin(), seen.end(), offset) != seen.end()) {
      pages.problem = "the list of its pages is a circle after " + std::to_string(seen.size());
      break;
    }
    if (seen.size() == kMaxDirectories) {
      pages.problem = "it has more than " + std::to_string(kMaxDirectories) + " pages";
      break;
    }
    const std::optional<Directory> directory = reader.at(offset, entries_left);
    if (!directory) {
      pages.problem = "page " + std::to_string(seen.size() + 1) + " has no sound directory";
      break;
    }
    entries_left -= directory->entries;
    if (seen.empty()) {
      pages.camera_raw = directory->is_dng;
      children = directory->has_children;
    }
    seen.push_back(offset);
    if (directory->full_size) pages.directories.push_back(offset);
    offset = directory->next;
  }
  if (pages.directories.empty() && !seen.empty()) {
    // A small copy with the photograph below it, as cameras write their raw files.
    pages.camera_raw = pages.camera_raw || children;
    pages.directories.push_back(seen.front());
  }
  return pages;
}

}  // namespace fovea
