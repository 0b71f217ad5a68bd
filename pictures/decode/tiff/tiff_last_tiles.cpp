// libtiff decodes as many rows of a tile as it is asked for; its own converter asks for whole tiles.
#include "pictures/decode/tiff/tiff_last_tiles.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace fovea {
namespace {

constexpr std::size_t kMostPlanes = 4;

bool is_one_channel(std::uint16_t photometric) {
  return photometric == PHOTOMETRIC_MINISWHITE || photometric == PHOTOMETRIC_MINISBLACK ||
         photometric == PHOTOMETRIC_PALETTE;
}

}  // namespace

bool get_last_tiles(TIFF* tiff, TIFFRGBAImage& rgba, std::uint32_t y, std::uint32_t* raster) {
  std::uint32_t tile_width = 0, tile_rows = 0;
  if (TIFFIsTiled(tiff) == 0 || TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tile_width) == 0 ||
      TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tile_rows) == 0 || rgba.height - y >= tile_rows) {
    return false;
  }
  const std::uint32_t rows = rgba.height - y;
  const tmsize_t size = TIFFTileSize(tiff), wanted = TIFFVTileSize(tiff, rows);
  if (size <= 0 || wanted <= 0 || wanted > size) return false;
  const std::size_t colours = is_one_channel(rgba.photometric) ? 1 : 3;
  const std::size_t planes = rgba.isContig != 0 ? 1 : colours + (rgba.alpha != 0 ? 1 : 0);
  std::array<std::vector<unsigned char>, kMostPlanes> tiles;
  for (std::size_t i = 0; i < planes; ++i) tiles[i].resize(static_cast<std::size_t>(size));

  for (std::uint32_t x = 0; x < rgba.width; x += tile_width) {
    for (std::size_t i = 0; i < planes; ++i) {
      const std::uint32_t tile = TIFFComputeTile(tiff, x, y, 0, static_cast<std::uint16_t>(i));
      if (TIFFReadEncodedTile(tiff, tile, tiles[i].data(), wanted) != wanted) return false;
    }
    const std::uint32_t width = std::min(tile_width, rgba.width - x);
    const auto from_skew = static_cast<std::int32_t>(tile_width - width);
    const auto to_skew = static_cast<std::int32_t>(rgba.width - width);
    if (rgba.isContig != 0) {
      rgba.put.contig(&rgba, raster + x, x, 0, width, rows, from_skew, to_skew, tiles[0].data());
    } else {
      unsigned char* alpha = rgba.alpha != 0 ? tiles[colours].data() : nullptr;
      rgba.put.separate(&rgba, raster + x, x, 0, width, rows, from_skew, to_skew, tiles[0].data(),
                        tiles[colours == 3 ? 1 : 0].data(), tiles[colours == 3 ? 2 : 0].data(), alpha);
    }
  }
  return true;
}

}  // namespace fovea
