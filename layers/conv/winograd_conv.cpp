// 3x3 convolution by Winograd's algorithm: transform tiles of input, multiply position by position, transform back.
//
//   V[position][in block][tile][16]        transformed input of a group of tiles
//   U[panel][position][in channel][panel]  transformed weights, packed at load
//   M[position][out block][tile][16]       products of one panel
//
// Every position is a matrix product of V and U, run as a 1x1 convolution over the tiles. Groups are cut so that V and
// M stay in L2 while U streams through once a group. Where an image has too few tiles for that, threads share one V and
// divide the panels instead, so that U is read once by all of them together.
#include "kernels/winograd.h"

#include <algorithm>
#include <array>

#include "base/ceil_div.h"
#include "layers/conv/conv_method.h"

namespace fovea {

namespace {

// V and M of a group: three quarters of the smallest L2 met, 1 MiB.
constexpr std::int64_t kGroupFloats = 192 * 1024;
constexpr std::int64_t kLeastTiles = 8, kMostTiles = 56;
// Where threads share V: its largest size, a part of the last-level cache.
constexpr std::int64_t kSharedFloats = 1024 * 1024;
// Channel blocks of one chain of the summation order: 256 values, as in direct convolutions.
constexpr std::int64_t kBlocksPerChain = 16;

// Positions lie one cache line more than a whole number of kilobytes apart, or their lines would share cache sets.
std::int64_t stride_of_position(std::int64_t blocks, std::int64_t tiles) { return (blocks * tiles + 1) * kBlock; }

// U = G (g * scale) GT for up to kBlock neighbouring output channels, in double, rounded once.
template <class F>
void transform_weights(const float* kernel, std::int64_t tap_stride, const double* scale, std::int64_t count,
                       float* out, std::int64_t position_stride) {
  double lines[F::kSpan][3][kBlock] = {};
  for (int kx = 0; kx < 3; ++kx) {
    for (std::int64_t c = 0; c < count; ++c) {
      const float* g = kernel + kx * tap_stride + c;
      double u[F::kSpan];
      F::weights(g[0] * scale[c], g[3 * tap_stride] * scale[c], g[6 * tap_stride] * scale[c], u);
      for (int y = 0; y < F::kSpan; ++y) lines[y][kx][c] = u[y];
    }
  }
  for (int y = 0; y < F::kSpan; ++y) {
    for (int c = 0; c < kBlock; ++c) {
      double u[F::kSpan];
      F::weights(lines[y][0][c], lines[y][1][c], lines[y][2][c], u);
      for (int x = 0; x < F::kSpan; ++x) out[(y * F::kSpan + x) * position_stride + c] = static_cast<float>(u[x]);
    }
  }
}

// Consecutive tiles of one image.
struct Piece {
  std::int64_t image, begin, end;
  std::int64_t at;  // place of the first in the group
};

template <class F>
class WinogradConv final : public Op {
 public:
  static constexpr int kPositions = F::kSpan * F::kSpan;

  WinogradConv(ConvSpec spec, Packer& packer) : WinogradConv(spec.geometry, std::move(spec), packer) {}

  OpNeeds needs() const override {
    const std::int64_t thread = kPositions * (stride_of_position(in_.blocks(), group_tiles_) +
                                              stride_of_position(panel_blocks_, std::max(group_tiles_, shared_tiles_)));
    return {float_bytes(thread), float_bytes(kPositions * stride_of_position(in_.blocks(), shared_tiles_)),
            epilogue_.residual ? 1 : -1};
  }
  OpReport report() const override { return report_; }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t tiles = ctx.batch * tiles_;
    const int threads = ctx.team.threads();
    const std::int64_t groups = ceil_div(tiles, group_tiles_);
    if (threads == 1 || groups >= threads) {
      run_by_tiles(ctx, ceil_div(groups, threads) * threads);
    } else {
      run_by_channels(ctx);
    }
  }

 private:
  WinogradConv(const ConvGeometry& g, ConvSpec&& spec, Packer& packer)
      : in_(g.in),
        out_(g.out),
        pad_top_(g.pad_top),
        pad_left_(g.pad_left),
        panel_blocks_(g.kernels.conv.channels / kBlock),
        tiles_x_(ceil_div(g.out.shape.w(), F::kTile)),
        tiles_(ceil_div(g.out.shape.h(), F::kTile) * tiles_x_),
        input_(F::kTile == 4 ? g.kernels.winograd.input4_f32_c16 : g.kernels.winograd.input2_f32_c16),
        output_(F::kTile == 4 ? g.kernels.winograd.output4_f32_c16 : g.kernels.winograd.output2_f32_c16),
        weights_(pack(spec.weights, packer)),
        epilogue_(std::move(spec.epilogue)),
        report_(std::move(spec.report)) {
    const std::int64_t tile_floats = kPositions * kBlock * (in_.blocks() + panel_blocks_);
    group_tiles_ = std::clamp(kGroupFloats / tile_floats, kLeastTiles, kMostTiles);
    const std::int64_t shared_tile_floats = kPositions * kBlock * in_.blocks();
    shared_tiles_ = std::clamp(kSharedFloats / shared_tile_floats, kLeastTiles, kMostTiles);
    const std::string tile = std::to_string(F::kTile);
    report_.kernel = "winograd" + tile + "_f32_c16 F(" + tile + "x" + tile + ",3x3)";
    report_.weight_bytes = weights_.bytes() + epilogue_.bias.bytes();
  }

  PackedFloats pack(const ConvWeights& weights, Packer& packer) const {
    const std::int64_t in_channels = weights.kernel.shape[2], out_channels = weights.kernel.shape[3];
    const std::int64_t panel_channels = panel_blocks_ * kBlock,
                       position_floats = in_.blocks() * kBlock * panel_channels;
    const std::string layout = "winograd" + std::to_string(F::kTile) + "_f32_c16 x" + std::to_string(panel_channels);
    return packer.fill(layout, panels() * kPositions * position_floats, [&](float* packed) {
      packer.team().for_each(ceil_div(out_channels, kBlock), [&](std::int64_t block, int) {
        const std::int64_t first = block * kBlock;
        float* out = packed + block / panel_blocks_ * kPositions * position_floats + block % panel_blocks_ * kBlock;
        for (std::int64_t ic = 0; ic < in_channels; ++ic) {
          transform_weights<F>(weights.kernel.data.get() + ic * out_channels + first, in_channels * out_channels,
                               weights.scale.data() + first, std::min<std::int64_t>(kBlock, out_channels - first),
                               out + ic * panel_channels, position_floats);
        }
      });
    });
  }

  std::int64_t panels() const { return ceil_div(out_.blocks(), panel_blocks_); }

  // Calls f(piece) for the tiles begin .. end - 1, counted through the whole batch.
  template <class Function>
  void for_each_piece(std::int64_t begin, std::int64_t end, Function f) const noexcept {
    for (std::int64_t tile = begin; tile < end;) {
      const std::int64_t image = tile / tiles_, stop = std::min(end, (image + 1) * tiles_);
      f(Piece{image, tile - image * tiles_, stop - image * tiles_, tile - begin});
      tile = stop;
    }
  }

  void transform_input(const RunContext& ctx, std::int64_t begin, std::int64_t end, std::int64_t block, float* v,
                       std::int64_t tiles) const noexcept {
    for_each_piece(begin, end, [&](const Piece& piece) {
      input_({.in = ctx.in[0].image(piece.image) + block * in_.pixels() * kBlock,
              .h = static_cast<int>(in_.shape.h()),
              .w = static_cast<int>(in_.shape.w()),
              .pad_top = static_cast<int>(pad_top_),
              .pad_left = static_cast<int>(pad_left_),
              .tiles_x = static_cast<int>(tiles_x_),
              .tile_begin = static_cast<int>(piece.begin),
              .tile_end = static_cast<int>(piece.end),
              .out = v + (block * tiles + piece.at) * kBlock,
              .position_stride = stride_of_position(in_.blocks(), tiles)});
    });
  }

  // All positions of one panel for `count` tiles of V, whose groups have room for `tiles`.
  void multiply(const RunContext& ctx, std::int64_t panel, const float* v, float* m, std::int64_t tiles,
                std::int64_t count) const noexcept {
    const std::int64_t panel_channels = panel_blocks_ * kBlock,
                       position_floats = in_.blocks() * kBlock * panel_channels;
    std::array<std::int32_t, kBlocksPerChain> runs{};
    for (std::size_t i = 0; i < runs.size(); ++i) runs[i] = static_cast<std::int32_t>(std::int64_t(i) * tiles * kBlock);
    ConvArgs block{};
    block.runs = runs.data();
    block.rows = 1;
    block.cols = static_cast<int>(count);
    block.out_blocks = static_cast<int>(std::min(panel_blocks_, out_.blocks() - panel * panel_blocks_));
    block.out_block_stride = tiles * kBlock;
    for (int p = 0; p < kPositions; ++p) {
      block.out = m + p * stride_of_position(panel_blocks_, tiles);
      for (std::int64_t ic = 0; ic < in_.blocks(); ic += kBlocksPerChain) {
        block.in = v + p * stride_of_position(in_.blocks(), tiles) + ic * tiles * kBlock;
        block.n_runs = static_cast<int>(std::min(kBlocksPerChain, in_.blocks() - ic));
        block.weights = weights_.data() + (panel * kPositions + p) * position_floats + ic * kBlock * panel_channels;
        block.first = ic == 0;
        block.next_weights = block.weights + block.n_runs * kBlock * panel_channels;
        ctx.kernels.conv.f32_c16(block);
      }
    }
  }

  void transform_output(const RunContext& ctx, std::int64_t panel, const float* m, std::int64_t tiles,
                        std::int64_t begin, std::int64_t end) const noexcept {
    const std::int64_t plane = out_.pixels() * kBlock, first = panel * panel_blocks_;
    for (std::int64_t block = first; block < std::min(first + panel_blocks_, out_.blocks()); ++block) {
      for_each_piece(begin, end, [&](const Piece& piece) {
        output_({.in = m + ((block - first) * tiles + piece.at) * kBlock,
                 .position_stride = stride_of_position(panel_blocks_, tiles),
                 .h = static_cast<int>(out_.shape.h()),
                 .w = static_cast<int>(out_.shape.w()),
                 .tiles_x = static_cast<int>(tiles_x_),
                 .tile_begin = static_cast<int>(piece.begin),
                 .tile_end = static_cast<int>(piece.end),
                 .out = ctx.out.image(piece.image) + block * plane,
                 .residual = epilogue_.residual ? ctx.in[1].image(piece.image) + block * plane : nullptr,
                 .bias = epilogue_.bias.data() + block * kBlock,
                 .clamp = epilogue_.clamp});
      });
    }
  }

  // Each task is a group of tiles and does everything for it.
  void run_by_tiles(const RunContext& ctx, std::int64_t groups) const noexcept {
    const std::int64_t total = ctx.batch * tiles_;
    ctx.team.for_each(groups, [&](std::int64_t group, int thread) {
      const std::int64_t begin = total * group / groups, end = total * (group + 1) / groups;
      float* v = ctx.thread_scratch(thread);
      float* m = v + kPositions * stride_of_position(in_.blocks(), group_tiles_);
      for (std::int64_t block = 0; block < in_.blocks(); ++block) {
        transform_input(ctx, begin, end, block, v, group_tiles_);
      }
      for (std::int64_t panel = 0; panel < panels(); ++panel) {
        multiply(ctx, panel, v, m, group_tiles_, end - begin);
        transform_output(ctx, panel, m, group_tiles_, begin, end);
      }
    });
  }

  // All threads transform the input together, then each task is a panel of output channels, for a part of the tiles if
  // the panels alone do not occupy the threads.
  void run_by_channels(const RunContext& ctx) const noexcept {
    const std::int64_t total = ctx.batch * tiles_, waves = ceil_div(total, shared_tiles_);
    for (std::int64_t wave = 0; wave < waves; ++wave) {
      const std::int64_t begin = total * wave / waves, end = total * (wave + 1) / waves;
      ctx.team.for_each(in_.blocks(), [&](std::int64_t block, int) {
        transform_input(ctx, begin, end, block, ctx.shared_scratch(), shared_tiles_);
      });
      const std::int64_t most = std::max<std::int64_t>(1, (end - begin) / kLeastTiles);
      const std::int64_t parts = std::min(ceil_div(ctx.team.threads(), panels()), most);
      ctx.team.for_each(panels() * parts, [&](std::int64_t task, int thread) {
        const std::int64_t panel = task / parts, part = task % parts;
        const std::int64_t first = (end - begin) * part / parts, last = (end - begin) * (part + 1) / parts;
        float* m = ctx.thread_scratch(thread);
        multiply(ctx, panel, ctx.shared_scratch() + first * kBlock, m, shared_tiles_, last - first);
        transform_output(ctx, panel, m, shared_tiles_, begin + first, begin + last);
      });
    }
  }

  TensorDesc in_, out_;
  std::int64_t pad_top_, pad_left_, panel_blocks_, tiles_x_, tiles_;
  std::int64_t group_tiles_ = 0, shared_tiles_ = 0;
  void (*input_)(const WinogradInputArgs&) noexcept;
  void (*output_)(const WinogradOutputArgs&) noexcept;
  PackedFloats weights_;
  ConvEpilogue epilogue_;
  OpReport report_;
};

}  // namespace

std::unique_ptr<Op> make_winograd_conv(int tile, ConvSpec spec, Packer& packer) {
  if (tile == 4) return std::make_unique<WinogradConv<Winograd4>>(std::move(spec), packer);
  return std::make_unique<WinogradConv<Winograd2>>(std::move(spec), packer);
}

}  // namespace fovea
