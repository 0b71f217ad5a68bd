// Arguments of what copies feature maps into the strips of convolutions.
#pragma once

#include <cstdint>

namespace fovea {

/// Copies rows of a feature map into a padded strip with its columns sorted by phase (column modulo `phases`), so that
/// strided convolutions read consecutive pixels. Strip row i is input row y0 + i * row_step; strip column j is input
/// column x0 + j; everything outside the input is zero. Strip column j is stored at phase j % phases, place j / phases.
struct PackRowsArgs {
  const float* in;  ///< c16: [blocks][h][w][16]; planar: nhwc [h][w][channels]
  int h, w;
  int groups;  ///< blocks (c16) or channels (planar)
  int y0, row_step, x0;
  int rows, cols;
  int phases, keep_phases;  ///< only phases 0 .. keep_phases - 1 are stored
  float* out;  ///< [groups][rows][keep_phases][ceil(cols / phases)] pixels of 16 (c16) or 1 (planar) floats
};

}  // namespace fovea
