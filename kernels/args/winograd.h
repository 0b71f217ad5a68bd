// Arguments of Winograd's transforms.
#pragma once

#include <cstdint>

#include "kernels/args/common.h"

namespace fovea {

/// Winograd's input transform of one c16 block: tiles tile_begin .. tile_end - 1 of the image, counted row by row. Tile
/// (ty, tx) reads the (m + 2) x (m + 2) input pixels from (ty * m - pad_top, tx * m - pad_left); outside is zero.
struct WinogradInputArgs {
  const float* in;  ///< [h][w][16]
  int h, w, pad_top, pad_left;
  int tiles_x, tile_begin, tile_end;
  float* out;  ///< position p of tile t at out + p * position_stride + (t - tile_begin) * 16
  std::int64_t position_stride;
};

/// Winograd's output transform of one c16 block: out = clamp(sums + residual + bias), m x m pixels a tile, cut off at
/// the edges of the output.
struct WinogradOutputArgs {
  const float* in;  ///< as WinogradInputArgs::out
  std::int64_t position_stride;
  int h, w, tiles_x, tile_begin, tile_end;
  float* out;             ///< [h][w][16]
  const float* residual;  ///< as out, may be out itself; nullptr for none
  const float* bias;      ///< [16]
  Clamp clamp;
};

}  // namespace fovea
