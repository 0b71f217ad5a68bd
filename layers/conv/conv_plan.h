// How a direct convolution is cut: which copies it needs, the order of its sum, and the pieces that threads share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "layers/conv/conv_method.h"

namespace fovea {

/// A plan, made once at load. Two forms:
///  - in place: the kernel reads the input tensor itself (c16, stride 1, no padding);
///  - strips: rows of the input are copied with their padding into a thread's scratch, columns sorted by phase.
/// The order of the sum, hence the bits, depends on the layer's shape alone: runs in the order channel block, kernel
/// row, kernel column, cut into K-blocks of about 256 values.
struct ConvPlan {
  bool planar = false;  ///< nhwc input of few channels; a run is one value
  bool strips = false;
  std::int64_t in_groups = 0;  ///< channel blocks (c16) or channels (planar)
  WindowAxis y, x;
  std::int64_t pad_top = 0, pad_left = 0;
  TensorDesc in, out;

  std::vector<std::int32_t> runs;      ///< offset of each run, see ConvArgs
  std::vector<std::int32_t> k_blocks;  ///< first run of each K-block, and the number of runs
  std::int32_t first_half_run = 0;     ///< from here on runs are of a channel block that is at most half used
  std::int64_t in_row_stride = 0;

  bool flat = false;                            ///< 1x1: pixels are one long row
  std::int64_t rows = 0, cols = 0;              ///< output as it is cut: out.h x out.w, or 1 x pixels, see by_pixels
  std::int64_t piece_rows = 0, piece_cols = 0;  ///< output rows (or columns, if flat and in place) of one task
  std::int64_t strip_rows = 0, strip_cols = 0, keep_phases = 1, strip_floats = 0;
  bool by_pixels() const { return flat && !strips; }
};

ConvPlan make_conv_plan(const ConvGeometry& geometry);

/// Floats of one panel of packed weights.
inline std::int64_t panel_floats(const ConvPlan& plan, int panel_channels) {
  return std::int64_t(plan.runs.size()) * (plan.planar ? 1 : kBlock) * panel_channels;
}

/// Floats of the packed weights of so many output channels, and the name of their order.
std::int64_t packed_floats(const ConvPlan& plan, int panel_channels, std::int64_t out_channels);
std::string packed_layout(const ConvPlan& plan, int panel_channels);

/// Weights in the order in which the kernel reads them, times scale[output channel], rounded once. `packed` is zeros.
void pack_conv_weights(const ConvPlan& plan, int panel_channels, const ConvWeights& weights, ThreadTeam& team,
                       float* packed);

/// Panels of output channels in one task, of `panels` in all, where each such part is a task for every one of `pieces`:
/// enough tasks for all threads, and of those the cut under which the busiest thread has least to do.
std::int64_t panels_of_part(std::int64_t panels, std::int64_t pieces, int threads);

/// Pieces that an image's output is cut into.
std::int64_t conv_pieces(const ConvPlan& plan);

/// Where a piece lies: its first pixel, and rows x columns as the kernel sees them (one long row if flat).
struct ConvArea {
  std::int64_t first, rows, cols;
};
ConvArea conv_area(const ConvPlan& plan, std::int64_t piece);

/// Operands of one piece of one image.
struct ConvOperands {
  const float* in;            ///< the image
  const float* weights;       ///< of the first panel of `out_blocks`
  const float* next_weights;  ///< of what the thread is likely to compute next; any address
  int out_blocks;
  float* out;  ///< the piece's first pixel
  std::int64_t out_row_stride, out_block_stride;
  const float* residual;  ///< as out, nullptr for none
  const float* bias;      ///< [out_blocks * 16]
  Clamp clamp;
  float* strip;  ///< scratch [ConvPlan::strip_floats]
};
void run_conv_piece(const KernelTable& kernels, const ConvPlan& plan, std::int64_t piece,
                    const ConvOperands& operands) noexcept;

/// Of a plan by pixels: these instead of a piece.
void run_conv_pixels(const KernelTable& kernels, const ConvPlan& plan, std::int64_t first, std::int64_t count,
                     const ConvOperands& operands) noexcept;

/// The register tile, "14x32".
std::string conv_tile(const KernelTable& kernels);

/// Where in the packed weights a thread of the team begins in a run of so many images.
std::int64_t first_weight(const ConvPlan& plan, int panel_channels, const ThreadTeam& team, int thread, int batch);

/// Runs the plan. Threads share pieces of output; no sum is ever shared.
void run_conv(const ConvPlan& plan, const float* weights, const ConvEpilogue& epilogue, const RunContext& ctx) noexcept;

}  // namespace fovea
