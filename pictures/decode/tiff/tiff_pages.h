// The directories of a TIFF: which of them are pictures of their own. Source: TIFF 6.0 (Adobe), sections 2 and 8;
// BigTIFF as libtiff defines it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace fovea {

struct TiffPages {
  std::vector<std::uint64_t> directories;  ///< offset of each page's, in the file's order
  std::string problem;                     ///< why there may be more, "" if the list is whole
  bool camera_raw = false;                 ///< what stands here is the preview of a raw photograph
};

/// Copies `count` bytes from `offset` on; false if the file has no such bytes.
using ReadAt = std::function<bool(std::uint64_t offset, std::uint8_t* out, std::size_t count)>;

/// The directories that are neither reduced copies nor masks; the first one if all are. Follows a list that any hand
/// may have made: circles end it, and so do many pages or entries.
TiffPages tiff_pages(const ReadAt& read);

}  // namespace fovea
