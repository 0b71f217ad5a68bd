// The one thing that is read from an EXIF block: which way up the picture is.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fovea {

/// The orientation, 1 to 8, in an EXIF block (a TIFF structure); 1, "as stored", if it does not soundly state one.
int exif_orientation(const std::uint8_t* data, std::size_t size);

}  // namespace fovea
