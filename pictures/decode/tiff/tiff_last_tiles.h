// The last row of tiles of a TIFF, of which some encoders leave out what lies below the picture.
#pragma once

#include <tiffio.h>

#include <cstdint>

namespace fovea {

/// Converts the rows from y on, as many as there are, as TIFFRGBAImageGet does, asking of each tile only the rows that
/// belong to the picture. `y` begins a row of tiles. False if there is nothing below the picture that a tile may lack,
/// or if a row of the picture is missing too.
bool get_last_tiles(TIFF* tiff, TIFFRGBAImage& rgba, std::uint32_t y, std::uint32_t* raster);

}  // namespace fovea
