// Where the parts of a JPEG file lie, found without decoding it. Source: ITU-T T.81, annex B; what does not follow it
// is passed over as libjpeg passes it over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fovea {

struct JpegLayout {
  /// The entropy-coded bytes of one scan, up to the marker that ends it or the end of the file.
  struct Scan {
    std::size_t begin, end;
  };
  std::vector<Scan> scans;
  std::size_t stray = 0;      ///< bytes after a segment and before the next marker: they are part of nothing
  bool has_end = false;       ///< the end marker is there
  std::size_t after_end = 0;  ///< bytes behind it
};

/// Encoders write about ten scans; even of a small picture nobody has more than this.
inline constexpr std::size_t kMaxJpegScans = 100;

/// Ends early behind kMaxJpegScans + 1 scans.
JpegLayout jpeg_layout(const std::uint8_t* data, std::size_t size);

/// The file without the bytes that repeat at the end of these scans: all those equal to the scan's last.
std::vector<std::uint8_t> without_filler(const std::uint8_t* data, std::size_t size, const JpegLayout& layout,
                                         const std::vector<char>& scans);

/// How many bytes without_filler would take away.
std::size_t filler_size(const std::uint8_t* data, const JpegLayout::Scan& scan);

}  // namespace fovea
