// Which places of one direction of a picture a resize reads, and with what weights: OpenCV's, to the bit.
#pragma once

#include <cstdint>
#include <vector>

#include <fovea/card.h>

namespace fovea {

/// Place i of the result reads `taps` places from first[i] on, some of which may lie outside the picture; weights are
/// in units of 1/2048.
struct TapAxis {
  int taps = 0;
  std::vector<std::int32_t> first;
  std::vector<std::int16_t> weights;  ///< [places][taps]
};

/// Place i of the result is a cell: places from first[i] on, all inside, with weights[begin[i]] .. weights[begin[i + 1]
/// - 1].
struct CellAxis {
  std::vector<std::int32_t> first, begin;
  std::vector<float> weights;
};

/// The place of the source for each of the result.
std::vector<std::int32_t> nearest_axis(int from, int to);
TapAxis linear_axis(int from, int to);
TapAxis cubic_axis(int from, int to);
/// What OpenCV does for `area` where a direction is enlarged: linear between the middles of cells of full colour.
TapAxis enlarged_area_axis(int from, int to);
/// The same weights on places inside the picture only, as OpenCV treats columns: what lies outside counts for the edge.
TapAxis folded(TapAxis axis, int from);

/// True where `from` is not enlarged.
bool reduces(int from, int to);
/// Cells by the share of each place that they cover.
CellAxis covered_cells(int from, int to);
/// n if cells are exactly n whole places, else 0.
int whole_cells(int from, int to);
/// Those cells, each weight 1.
CellAxis counted_cells(int from, int to);

}  // namespace fovea
