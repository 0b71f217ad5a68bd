// Keras Concatenate. Over the channels, every block of the result is put together from at most a few runs of lanes;
// over another axis, from whole rows. Source: keras/src/layers/merging/concatenate.py.
#include <algorithm>

#include <fovea/error.h>
#include "layers/axes.h"
#include "layers/layer.h"
#include "layers/shape_ops/join_rows.h"

namespace fovea {

namespace {

// Lanes `from` .. `from + count - 1` of a block of one input, which become lanes `to` .. of a block of the result.
struct Run {
  std::size_t input;
  std::int64_t block;
  int from, to, count;
};

class ConcatenateOp final : public Op {
 public:
  ConcatenateOp(std::span<const TensorDesc> in, const TensorDesc& out)
      : out_(out), pixels_(static_cast<int>(out.pixels())), runs_(static_cast<std::size_t>(out.blocks())) {
    std::int64_t to = 0;
    for (std::size_t input = 0; input < in.size(); ++input) {
      const std::int64_t channels = in[input].shape.c();
      for (std::int64_t from = 0; from < channels;) {
        const std::int64_t count = std::min({channels - from, kBlock - from % kBlock, kBlock - to % kBlock});
        runs_[static_cast<std::size_t>(to / kBlock)].push_back({input, from / kBlock, static_cast<int>(from % kBlock),
                                                                static_cast<int>(to % kBlock),
                                                                static_cast<int>(count)});
        from += count;
        to += count;
      }
    }
  }

  OpReport report() const override { return {.kernel = "copy_lanes_f32_c16"}; }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    const std::size_t width = static_cast<std::size_t>(ctx.out.shape.c());
    std::size_t first = 0;
    for (const GradientOperand& in : ctx.in) {
      const std::size_t channels = static_cast<std::size_t>(in.shape.c());
      for (std::size_t i = 0; i < in.gradient.size(); ++i) {
        in.gradient[i] += ctx.out.gradient[i / channels * width + first + i % channels];
      }
      first += channels;
    }
  }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t blocks = out_.blocks(), plane = std::int64_t{pixels_} * kBlock;
    ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
      const std::int64_t image = task / blocks, block = task % blocks;
      float* out = ctx.out.image(image) + block * plane;
      // Lanes that no channel reaches must be finite.
      if (out_.shape.c() - block * kBlock < kBlock) std::fill_n(out, plane, 0.0f);
      for (const Run& run : runs_[static_cast<std::size_t>(block)]) {
        ctx.kernels.lanes.copy_f32_c16(ctx.in[run.input].image(image) + run.block * plane, run.from, out, run.to,
                                       run.count, pixels_);
      }
    });
  }

 private:
  TensorDesc out_;
  int pixels_;
  std::vector<std::vector<Run>> runs_;  // of each block of the result
};

class Concatenate final : public Layer {
 public:
  explicit Concatenate(const LayerConfig& config) : Layer(config), axis_(config.integer("axis", -1)) {}

  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    if (in.size() < 2) return nullptr;
    const std::size_t axis = axis_place(axis_, in[0].rank(), name(), class_name());
    return axis + 1 == in[0].dims().size() ? nullptr : make_join_rows(name(), class_name(), axis, false);
  }

  Shape infer(std::span<const Shape> in) const override {
    if (in.empty()) throw Error(where("has no inputs"));
    const Shape& first = in[0];
    marked_axes({axis_}, first.rank(), name(), class_name());
    if (in.size() == 1) return first;
    std::vector<std::int64_t> dims = first.dims();
    dims.back() = 0;
    for (const Shape& shape : in) {
      const bool fits = shape.rank() == first.rank() &&
                        std::equal(shape.dims().begin(), shape.dims().end() - 1, first.dims().begin());
      if (!fits) throw Error(where("cannot join " + first.str() + " and " + shape.str()));
      dims.back() += shape.c();
    }
    return Shape(dims);
  }
  Role role(std::span<const Shape> in) const override { return in.size() == 1 ? Role(Identity{}) : Role(); }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<ConcatenateOp>(ctx.in, ctx.out);
  }

 private:
  std::int64_t axis_;
};

}  // namespace

std::unique_ptr<Layer> make_concatenate(const LayerConfig& config) { return std::make_unique<Concatenate>(config); }

}  // namespace fovea
