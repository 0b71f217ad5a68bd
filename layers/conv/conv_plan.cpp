// Cutting and running of direct convolutions.
#include "layers/conv/conv_plan.h"

#include <algorithm>

#include "base/ceil_div.h"

namespace fovea {

namespace {

// Values per chain of the summation order: short chains round less, and 256 x 32 weights are 32 KiB, about one L1.
constexpr std::int64_t kRunsPerBlockC16 = 16, kRunsPerBlockPlanar = 256;
// A strip of input (all channels) stays well inside the smallest L2 met, 1 MiB: 384 KiB.
constexpr std::int64_t kStripFloats = 96 * 1024;
// Strips of few channels are all but free of halo: small ones leave no thread waiting.
constexpr std::int64_t kPlanarStripFloats = 16 * 1024;
// Pixels of a task of a flat convolution: sixteen AVX-512 tiles; its K-block of input is 224 KiB. Small maps of two
// tiles or more are halved, so that a few panels of channels can be shared out evenly.
constexpr std::int64_t kFlatPixels = 224, kLeastFlatPixels = 28;
// Tasks wanted per thread, so that none waits long at the end.
constexpr std::int64_t kTasksPerThread = 4;

// First run of each K-block: whole kernel windows of one or more channel blocks where they are small.
std::vector<std::int32_t> cut_k(std::int64_t groups, std::int64_t taps, std::int64_t wanted) {
  const std::int64_t total = groups * taps;
  const std::int64_t step = taps <= wanted ? wanted / taps * taps + (wanted % taps * 2 > taps ? taps : 0) : wanted;
  std::vector<std::int32_t> cuts;
  for (std::int64_t run = 0; run < total; run += step) cuts.push_back(static_cast<std::int32_t>(run));
  cuts.push_back(static_cast<std::int32_t>(total));
  return cuts;
}

// A convolution that must copy: padded strips, see PackRowsArgs.
void plan_strips(ConvPlan& plan) {
  const std::int64_t step = plan.planar ? 1 : kBlock;
  const bool single_row = plan.y.kernel == 1;  // then only every stride-th row is copied
  plan.strip_cols = (plan.out.shape.w() - 1) * plan.x.stride + plan.x.extent();
  plan.keep_phases = 1;
  for (std::int64_t k = 0; k < plan.x.kernel; ++k) {
    plan.keep_phases = std::max(plan.keep_phases, k * plan.x.dilation % plan.x.stride + 1);
  }
  const std::int64_t places = ceil_div(plan.strip_cols, plan.x.stride);
  const std::int64_t row_floats = places * plan.keep_phases * step;
  const auto rows_for = [&](std::int64_t out_rows) {
    return single_row ? out_rows : (out_rows - 1) * plan.y.stride + plan.y.extent();
  };
  const std::int64_t limit = plan.planar ? kPlanarStripFloats : kStripFloats;
  plan.piece_rows = 1;
  while (plan.piece_rows < plan.out.shape.h() && rows_for(plan.piece_rows + 1) * row_floats * plan.in_groups <= limit) {
    ++plan.piece_rows;
  }
  // Nearly equal pieces.
  plan.piece_rows = ceil_div(plan.out.shape.h(), ceil_div(plan.out.shape.h(), plan.piece_rows));
  plan.strip_rows = rows_for(plan.piece_rows);
  plan.strip_floats = ceil_div(plan.strip_rows * row_floats * plan.in_groups, kBlock) * kBlock;
  plan.in_row_stride = (single_row ? 1 : plan.y.stride) * row_floats;
  plan.flat = single_row && plan.x.kernel == 1 && places == plan.out.shape.w();
  for (std::int64_t g = 0; g < plan.in_groups; ++g) {
    for (std::int64_t ky = 0; ky < plan.y.kernel; ++ky) {
      for (std::int64_t kx = 0; kx < plan.x.kernel; ++kx) {
        const std::int64_t col = kx * plan.x.dilation;
        plan.runs.push_back(static_cast<std::int32_t>((g * plan.strip_rows + ky * plan.y.dilation) * row_floats +
                                                      (col % plan.x.stride * places + col / plan.x.stride) * step));
      }
    }
  }
}

void plan_in_place(ConvPlan& plan) {
  const std::int64_t row_floats = plan.in.shape.w() * kBlock;
  plan.flat = plan.y.kernel == 1 && plan.x.kernel == 1;
  plan.in_row_stride = row_floats;
  const std::int64_t row_bytes_budget = kStripFloats / std::max<std::int64_t>(1, row_floats * plan.in_groups);
  plan.piece_rows = std::clamp<std::int64_t>(row_bytes_budget, 1, plan.out.shape.h());
  for (std::int64_t g = 0; g < plan.in_groups; ++g) {
    for (std::int64_t ky = 0; ky < plan.y.kernel; ++ky) {
      for (std::int64_t kx = 0; kx < plan.x.kernel; ++kx) {
        plan.runs.push_back(static_cast<std::int32_t>((g * plan.in.shape.h() + ky * plan.y.dilation) * row_floats +
                                                      kx * plan.x.dilation * kBlock));
      }
    }
  }
}

// All K-blocks of an area whose input begins at `in`.
void run_area(const KernelTable& kernels, const ConvPlan& plan, const float* in, const ConvArea& area,
              const ConvOperands& operands) noexcept {
  const std::int64_t run_floats = std::int64_t{plan.planar ? 1 : kBlock} * kernels.conv.channels;
  const auto conv = plan.planar ? kernels.conv.f32_planar : kernels.conv.f32_c16;
  ConvArgs block{};
  block.in = in;
  block.in_row_stride = plan.in_row_stride;
  block.weights_panel_stride = panel_floats(plan, kernels.conv.channels);
  block.rows = static_cast<int>(area.rows);
  block.cols = static_cast<int>(area.cols);
  block.out_blocks = operands.out_blocks;
  block.out = operands.out;
  block.out_row_stride = operands.out_row_stride;
  block.out_block_stride = operands.out_block_stride;
  block.residual = operands.residual;
  block.bias = operands.bias;
  block.clamp = operands.clamp;
  for (std::size_t k = 0; k + 1 < plan.k_blocks.size(); ++k) {
    const std::int64_t run = plan.k_blocks[k];
    block.runs = plan.runs.data() + run;
    block.n_runs = plan.k_blocks[k + 1] - plan.k_blocks[k];
    block.half_runs = std::clamp(plan.k_blocks[k + 1] - plan.first_half_run, 0, block.n_runs);
    block.weights = operands.weights + run * run_floats;
    block.first = k == 0;
    block.last = k + 2 == plan.k_blocks.size();
    block.next_weights = block.last ? operands.next_weights : block.weights + block.n_runs * run_floats;
    conv(block);
  }
}

}  // namespace

ConvPlan make_conv_plan(const ConvGeometry& g) {
  ConvPlan plan;
  plan.planar = g.in.format.layout == Layout::nhwc;
  plan.in_groups = plan.planar ? g.in.shape.c() : g.in.blocks();
  plan.y = g.y;
  plan.x = g.x;
  plan.pad_top = g.pad_top;
  plan.pad_left = g.pad_left;
  plan.in = g.in;
  plan.out = g.out;
  const bool inside = g.pad_top == 0 && g.pad_left == 0 &&
                      (g.out.shape.h() - 1) * g.y.stride + g.y.extent() <= g.in.shape.h() &&
                      (g.out.shape.w() - 1) * g.x.stride + g.x.extent() <= g.in.shape.w();
  plan.strips = plan.planar || !inside || g.y.stride != 1 || g.x.stride != 1;
  plan.strips ? plan_strips(plan) : plan_in_place(plan);
  plan.k_blocks = cut_k(plan.in_groups, g.y.kernel * g.x.kernel, plan.planar ? kRunsPerBlockPlanar : kRunsPerBlockC16);
  plan.first_half_run = static_cast<std::int32_t>(plan.runs.size());
  const std::int64_t last_channels = g.in.shape.c() % kBlock;
  if (!plan.planar && last_channels > 0 && last_channels <= kBlock / 2) {
    plan.first_half_run -= static_cast<std::int32_t>(g.y.kernel * g.x.kernel);
  }
  plan.rows = g.out.shape.h();
  plan.cols = g.out.shape.w();
  if (plan.by_pixels()) {
    plan.cols *= plan.rows;
    plan.rows = 1;
    const std::int64_t pieces = ceil_div(plan.cols, kFlatPixels);
    plan.piece_cols = ceil_div(plan.cols, pieces == 1 && plan.cols >= kLeastFlatPixels ? 2 : pieces);
  }
  return plan;
}

std::int64_t packed_floats(const ConvPlan& plan, int panel_channels, std::int64_t out_channels) {
  return ceil_div(out_channels, panel_channels) * panel_floats(plan, panel_channels);
}

std::string packed_layout(const ConvPlan& plan, int panel_channels) {
  return std::string(plan.planar ? "conv_f32_planar x" : "conv_f32_c16 x") + std::to_string(panel_channels);
}

void pack_conv_weights(const ConvPlan& plan, int panel_channels, const ConvWeights& weights, ThreadTeam& team,
                       float* packed) {
  const std::int64_t taps = plan.y.kernel * plan.x.kernel;
  const std::int64_t in_channels = weights.kernel.shape[2], out_channels = weights.kernel.shape[3];
  const std::int64_t run_values = plan.planar ? 1 : kBlock;
  const std::int64_t panels = ceil_div(out_channels, panel_channels);
  const std::int64_t floats = panel_floats(plan, panel_channels);
  team.for_each(panels, [&](std::int64_t panel, int) {
    const std::int64_t first = panel * panel_channels;
    const std::int64_t count = std::min<std::int64_t>(panel_channels, out_channels - first);
    const double* scale = weights.scale.data() + first;
    for (std::int64_t tap = 0; tap < taps; ++tap) {
      for (std::int64_t ic = 0; ic < in_channels; ++ic) {
        const float* from = weights.kernel.data.get() + (tap * in_channels + ic) * out_channels + first;
        const std::int64_t run = ic / run_values * taps + tap;
        float* to = packed + panel * floats + (run * run_values + ic % run_values) * panel_channels;
        for (std::int64_t oc = 0; oc < count; ++oc) to[oc] = static_cast<float>(from[oc] * scale[oc]);
      }
    }
  });
}

std::int64_t conv_pieces(const ConvPlan& plan) {
  return plan.by_pixels() ? ceil_div(plan.cols, plan.piece_cols) : ceil_div(plan.rows, plan.piece_rows);
}

ConvArea conv_area(const ConvPlan& plan, std::int64_t piece) {
  if (plan.by_pixels()) {
    const std::int64_t first = piece * plan.piece_cols;
    return {first, 1, std::min(plan.piece_cols, plan.cols - first)};
  }
  const std::int64_t first = piece * plan.piece_rows, out_w = plan.out.shape.w();
  const std::int64_t rows = std::min(plan.piece_rows, plan.rows - first);
  return plan.flat ? ConvArea{first * out_w, 1, rows * out_w} : ConvArea{first * out_w, rows, out_w};
}

void run_conv_piece(const KernelTable& kernels, const ConvPlan& plan, std::int64_t piece,
                    const ConvOperands& operands) noexcept {
  const ConvArea area = conv_area(plan, piece);
  if (plan.by_pixels()) return run_conv_pixels(kernels, plan, area.first, area.cols, operands);
  const std::int64_t first_row = piece * plan.piece_rows;
  const float* in = operands.in;
  if (plan.strips) {
    const PackRowsArgs rows{.in = in,
                            .h = static_cast<int>(plan.in.shape.h()),
                            .w = static_cast<int>(plan.in.shape.w()),
                            .groups = static_cast<int>(plan.in_groups),
                            .y0 = static_cast<int>(first_row * plan.y.stride - plan.pad_top),
                            .row_step = static_cast<int>(plan.y.kernel == 1 ? plan.y.stride : 1),
                            .x0 = static_cast<int>(-plan.pad_left),
                            .rows = static_cast<int>(plan.strip_rows),
                            .cols = static_cast<int>(plan.strip_cols),
                            .phases = static_cast<int>(plan.x.stride),
                            .keep_phases = static_cast<int>(plan.keep_phases),
                            .out = operands.strip};
    (plan.planar ? kernels.pack.rows_f32_planar : kernels.pack.rows_f32_c16)(rows);
    in = operands.strip;
  } else {
    in += first_row * plan.in_row_stride;
  }
  run_area(kernels, plan, in, area, operands);
}

void run_conv_pixels(const KernelTable& kernels, const ConvPlan& plan, std::int64_t first, std::int64_t count,
                     const ConvOperands& operands) noexcept {
  run_area(kernels, plan, operands.in + first * kBlock, {first, 1, count}, operands);
}

std::int64_t panels_of_part(std::int64_t panels, std::int64_t pieces, int threads) {
  const std::int64_t wanted = ceil_div(threads == 1 ? 1 : threads * kTasksPerThread, pieces);
  const std::int64_t most = ceil_div(panels, std::clamp<std::int64_t>(wanted, 1, panels));
  const auto load = [&](std::int64_t part) { return ceil_div(pieces * ceil_div(panels, part), threads) * part; };
  std::int64_t best = most;
  for (std::int64_t part = most - 1; part > 0 && wanted > 1; --part) {
    if (load(part) < load(best)) best = part;
  }
  return best;
}

namespace {

// How a run is shared out: every part of the output channels is a task for each piece of each image.
struct ConvTasks {
  std::int64_t pieces, panels_of_part, parts, count;
};

ConvTasks conv_tasks(const ConvPlan& plan, int panel_channels, int batch, int threads) {
  const std::int64_t panels = ceil_div(plan.out.blocks(), panel_channels / kBlock), pieces = conv_pieces(plan);
  // Output channels are shared out as well where the pieces alone do not occupy the threads.
  const std::int64_t part = panels_of_part(panels, batch * pieces, threads), parts = ceil_div(panels, part);
  return {pieces, part, parts, batch * pieces * parts};
}

}  // namespace

std::int64_t first_weight(const ConvPlan& plan, int panel_channels, const ThreadTeam& team, int thread, int batch) {
  const ConvTasks tasks = conv_tasks(plan, panel_channels, batch, team.threads());
  const std::int64_t part = team.range_begin(tasks.count, thread) / tasks.pieces / batch;
  return part * tasks.panels_of_part * panel_floats(plan, panel_channels);
}

std::string conv_tile(const KernelTable& kernels) {
  return std::to_string(kernels.conv.pixels) + "x" + std::to_string(kernels.conv.channels);
}

void run_conv(const ConvPlan& plan, const float* weights, const ConvEpilogue& epilogue,
              const RunContext& ctx) noexcept {
  const int panel_channels = ctx.kernels.conv.channels;
  const ConvTasks tasks = conv_tasks(plan, panel_channels, ctx.batch, ctx.team.threads());
  const std::int64_t part_blocks = tasks.panels_of_part * panel_channels / kBlock;
  const std::int64_t part_floats = tasks.panels_of_part * panel_floats(plan, panel_channels);
  const std::int64_t out_plane = plan.out.pixels() * kBlock;

  ctx.team.for_each(tasks.count, [&](std::int64_t task, int thread) {
    const auto part_of = [&](std::int64_t number) { return number / tasks.pieces / ctx.batch; };
    const std::int64_t piece = task % tasks.pieces, image = task / tasks.pieces % ctx.batch, part = part_of(task);
    const std::int64_t first_block = part * part_blocks;
    const std::int64_t out_at = first_block * out_plane + conv_area(plan, piece).first * kBlock;
    const float* after = weights + part_of((task + 1) % tasks.count) * part_floats;
    run_conv_piece(ctx.kernels, plan, piece,
                   {.in = ctx.in[0].image(image),
                    .weights = weights + part * part_floats,
                    .next_weights = ctx.weights_after(task, tasks.count, thread, after),
                    .out_blocks = static_cast<int>(std::min(part_blocks, plan.out.blocks() - first_block)),
                    .out = ctx.out.image(image) + out_at,
                    .out_row_stride = plan.out.shape.w() * kBlock,
                    .out_block_stride = out_plane,
                    .residual = epilogue.residual ? ctx.in[1].image(image) + out_at : nullptr,
                    .bias = epilogue.bias.data() + first_block * kBlock,
                    .clamp = epilogue.clamp,
                    .strip = ctx.thread_scratch(thread)});
  });
}

}  // namespace fovea
