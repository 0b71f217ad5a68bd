// Walks from marker to marker.
#include "pictures/decode/jpeg/jpeg_layout.h"

#include <cstring>

namespace fovea {
namespace {

constexpr std::uint8_t kFill = 0xff, kTemporary = 0x01, kFirstRestart = 0xd0, kLastRestart = 0xd7, kStart = 0xd8,
                       kEnd = 0xd9, kScan = 0xda;

struct Walk {
  const std::uint8_t* data;
  std::size_t size;
  std::size_t at = 0;

  /// The next marker's code, `at` behind it; 0 at the end of the file. `found` is where it begins, its fill bytes
  /// included.
  std::uint8_t marker(std::size_t& found) {
    while (at < size) {
      const void* next = std::memchr(data + at, kFill, size - at);
      if (next == nullptr) break;
      found = static_cast<std::size_t>(static_cast<const std::uint8_t*>(next) - data);
      at = found;
      while (at < size && data[at] == kFill) ++at;
      if (at == size) break;
      const std::uint8_t code = data[at++];
      if (code != 0) return code;
    }
    found = at = size;
    return 0;
  }
};

bool is_restart(std::uint8_t code) { return code >= kFirstRestart && code <= kLastRestart; }

}  // namespace

JpegLayout jpeg_layout(const std::uint8_t* data, std::size_t size) {
  JpegLayout layout;
  Walk walk{data, size};
  bool in_scan = false;
  for (;;) {
    const std::size_t begin = walk.at;
    std::size_t found = 0;
    std::uint8_t code = walk.marker(found);
    if (in_scan) {
      while (is_restart(code)) code = walk.marker(found);
      layout.scans.back().end = found;
      in_scan = false;
    } else {
      layout.stray += found - begin;
    }
    if (code == 0) return layout;
    if (code == kEnd) {
      layout.has_end = true;
      layout.after_end = size - walk.at;
      return layout;
    }
    if (code == kStart || code == kTemporary || is_restart(code)) continue;
    if (size - walk.at < 2) {
      walk.at = size;
      continue;
    }
    const std::size_t length = std::size_t{data[walk.at]} << 8 | data[walk.at + 1];
    walk.at += length < size - walk.at ? length : size - walk.at;
    if (code != kScan) continue;
    if (layout.scans.size() > kMaxJpegScans) return layout;
    layout.scans.push_back({walk.at, size});
    in_scan = true;
  }
}

std::size_t filler_size(const std::uint8_t* data, const JpegLayout::Scan& scan) {
  std::size_t begin = scan.end;
  while (begin > scan.begin && data[begin - 1] == data[scan.end - 1]) --begin;
  return scan.end - begin;
}

std::vector<std::uint8_t> without_filler(const std::uint8_t* data, std::size_t size, const JpegLayout& layout,
                                         const std::vector<char>& scans) {
  std::vector<std::uint8_t> kept;
  kept.reserve(size);
  std::size_t from = 0;
  for (std::size_t i = 0; i < layout.scans.size(); ++i) {
    if (scans[i] == 0) continue;
    const JpegLayout::Scan& scan = layout.scans[i];
    kept.insert(kept.end(), data + from, data + scan.end - filler_size(data, scan));
    from = scan.end;
  }
  kept.insert(kept.end(), data + from, data + size);
  return kept;
}

}  // namespace fovea
