// The first directory of a TIFF structure: a TIFF file's header, or the EXIF block inside a JPEG or PNG.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace fovea {

inline constexpr int kTiffWidth = 0x100;
inline constexpr int kTiffHeight = 0x101;
inline constexpr int kTiffOrientation = 0x112;

/// The value of a SHORT or LONG tag with one value. nullopt if it is absent or the structure is not sound.
std::optional<std::uint32_t> read_tiff_tag(const std::uint8_t* data, std::size_t size, int tag);

/// EXIF's orientation, 1 (as stored) if the block does not state one.
int exif_orientation(const std::uint8_t* data, std::size_t size);

}  // namespace fovea
