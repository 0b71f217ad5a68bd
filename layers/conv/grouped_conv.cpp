// Grouped convolution: a direct convolution of its own for every set of output blocks that reads the same input blocks.
// Groups narrower than a block share it, with zero weights between them; the widths of groups decide the cut, hence the
// bits.
#include <algorithm>
#include <utility>

#include "base/ceil_div.h"
#include "layers/conv/conv_method.h"
#include "layers/conv/conv_plan.h"

namespace fovea {

namespace {

// Output blocks that read the same input blocks, those of one or several groups.
struct Unit {
  std::int64_t first_in, in_blocks, first_out, out_blocks;
  ConvPlan plan;
  std::int64_t weights = 0;  ///< where its packed weights begin
};

class GroupedConv final : public Op {
 public:
  GroupedConv(std::int64_t groups, ConvSpec spec, Packer& packer)
      : in_plane_(spec.geometry.in.pixels() * kBlock),
        out_plane_(spec.geometry.out.pixels() * kBlock),
        out_(spec.geometry.out),
        epilogue_(std::move(spec.epilogue)),
        report_(std::move(spec.report)) {
    const ConvGeometry& geometry = spec.geometry;
    const std::int64_t in_width = geometry.in.shape.c() / groups, out_width = geometry.out.shape.c() / groups;
    for (std::int64_t block = 0; block < geometry.out.blocks(); ++block) {
      const std::int64_t last_channel = std::min((block + 1) * kBlock, geometry.out.shape.c()) - 1;
      const std::int64_t first = block * kBlock / out_width * in_width / kBlock;
      const std::int64_t last = ((last_channel / out_width + 1) * in_width - 1) / kBlock;
      if (units_.empty() || units_.back().first_in != first || units_.back().in_blocks != last + 1 - first) {
        units_.push_back({.first_in = first, .in_blocks = last + 1 - first, .first_out = block});
      }
      ++units_.back().out_blocks;
    }
    const int panel_channels = geometry.kernels.conv.channels;
    std::int64_t floats = 0;
    for (Unit& unit : units_) {
      ConvGeometry own = geometry;
      own.in.shape = {geometry.in.shape.h(), geometry.in.shape.w(), unit.in_blocks * kBlock};
      own.out.shape = {geometry.out.shape.h(), geometry.out.shape.w(), unit.out_blocks * kBlock};
      unit.plan = make_conv_plan(own);
      unit.weights = floats;
      floats += packed_floats(unit.plan, panel_channels, unit.out_blocks * kBlock);
    }
    const std::string layout = "grouped conv_f32_c16 x" + std::to_string(panel_channels);
    weights_ = packer.fill(layout, floats, [&](float* to) {
      packer.team().for_each(std::ssize(units_), [&](std::int64_t i, int) {
        pack(units_[static_cast<std::size_t>(i)], in_width, out_width, panel_channels, spec.weights, to);
      });
    });
    report_.kernel = "conv_f32_c16 " + conv_tile(geometry.kernels);
    report_.weight_bytes = epilogue_.bias.bytes() + weights_.bytes();
  }

  void run(const RunContext& ctx) const noexcept override {
    // The pieces of all units are alike but for the few at the edges of groups that are no multiples of a block.
    std::int64_t pieces = 0;
    for (const Unit& unit : units_) pieces = std::max(pieces, conv_pieces(unit.plan));
    const std::int64_t units = static_cast<std::int64_t>(units_.size());
    ctx.team.for_each(ctx.batch * units * pieces, [&](std::int64_t task, int thread) {
      const std::int64_t piece = task % pieces, image = task / pieces / units;
      const Unit& unit = units_[static_cast<std::size_t>(task / pieces % units)];
      if (piece >= conv_pieces(unit.plan)) return;
      const std::int64_t out_at = unit.first_out * out_plane_ + conv_area(unit.plan, piece).first * kBlock;
      run_conv_piece(ctx.kernels, unit.plan, piece,
                     {.in = ctx.in[0].image(image) + unit.first_in * in_plane_,
                      .weights = weights_.data() + unit.weights,
                      .next_weights = weights_.data() + unit.weights,
                      .out_blocks = static_cast<int>(unit.out_blocks),
                      .out = ctx.out.image(image) + out_at,
                      .out_row_stride = out_.shape.w() * kBlock,
                      .out_block_stride = out_plane_,
                      .residual = epilogue_.residual ? ctx.in[1].image(image) + out_at : nullptr,
                      .bias = epilogue_.bias.data() + unit.first_out * kBlock,
                      .clamp = epilogue_.clamp,
                      .strip = ctx.thread_scratch(thread)});
    });
  }
  OpNeeds needs() const override {
    std::int64_t floats = 0;
    for (const Unit& unit : units_) floats = std::max(floats, unit.plan.strip_floats);
    return {float_bytes(floats), 0, epilogue_.residual ? 1 : -1};
  }
  OpReport report() const override { return report_; }

 private:
  // The kernel is {taps, in_width, out channels}; what lies between groups stays zero.
  static void pack(const Unit& unit, std::int64_t in_width, std::int64_t out_width, int panel_channels,
                   const ConvWeights& weights, float* packed) {
    const std::int64_t taps = unit.plan.y.kernel * unit.plan.x.kernel, channels = weights.kernel.shape[3];
    const std::int64_t first = unit.first_out * kBlock, end = std::min(channels, first + unit.out_blocks * kBlock);
    for (std::int64_t out = first; out < end; ++out) {
      const std::int64_t in_panel = (out - first) % panel_channels, first_in = out / out_width * in_width;
      float* panel =
          packed + unit.weights + (out - first) / panel_channels * panel_floats(unit.plan, panel_channels) + in_panel;
      for (std::int64_t k = 0; k < in_width; ++k) {
        const std::int64_t in = first_in + k - unit.first_in * kBlock;
        for (std::int64_t tap = 0; tap < taps; ++tap) {
          const std::int64_t at = (in / kBlock * taps + tap) * kBlock + in % kBlock;
          panel[at * panel_channels] = static_cast<float>(weights.kernel.data[(tap * in_width + k) * channels + out] *
                                                          weights.scale[static_cast<std::size_t>(out)]);
        }
      }
    }
  }

  std::int64_t in_plane_, out_plane_;
  TensorDesc out_;
  std::vector<Unit> units_;
  PackedFloats weights_;  // of all units
  ConvEpilogue epilogue_;
  OpReport report_;
};

}  // namespace

std::unique_ptr<Op> make_grouped_conv(std::int64_t groups, ConvSpec spec, Packer& packer) {
  return std::make_unique<GroupedConv>(groups, std::move(spec), packer);
}

}  // namespace fovea
