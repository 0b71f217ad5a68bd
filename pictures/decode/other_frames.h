// Pictures beside the one that is decoded: in a JPEG of several (MPO), in an animated PNG.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace fovea {

/// "the first of 2 pictures in the file", or "" where there is one. Small previews do not count. Of a TIFF see
/// tiff_pages.h.
std::string other_frames_note(const std::uint8_t* data, std::size_t size);

}  // namespace fovea
