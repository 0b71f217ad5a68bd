// Pairing of inputs, in pieces small enough to share between threads. Source: keras/src/layers/merging/base_merge.py.
#include "layers/merge.h"

#include <algorithm>

#include "layers/aligned.h"
#include "layers/ceil_div.h"
#include "layers/error.h"

namespace fovea {

namespace {

constexpr std::int64_t kPiece = 4096;

bool one_pixel(const Shape& shape) { return shape.rank() == 3 && shape.h() == 1 && shape.w() == 1; }

class Merge final : public Layer {
 public:
  Merge(const LayerConfig& config, Pairing pairing) : Layer(config), pairing_(pairing) {}

  Shape infer(std::span<const Shape> in) const override {
    const bool two = pairing_ == Pairing::subtract;
    if (in.size() < 2 || (two && in.size() != 2)) {
      throw Error(where(std::string("takes ") + (two ? "two inputs" : "at least two inputs") + ", has " +
                        std::to_string(in.size())));
    }
    if (in.size() == 2 && scaled_input(in) >= 0) return in[static_cast<std::size_t>(scaled_input(in))];
    for (const Shape& shape : in) {
      if (shape != in[0])
        throw UnsupportedError(where("inputs of shapes " + in[0].str() + " and " + shape.str() + " are not supported"));
    }
    return in[0];
  }

  bool has_gradient() const override { return inputs_ == 2; }
  void add_gradients(const GradientContext& ctx) const override {
    const GradientOperand &a = ctx.in[0], &b = ctx.in[1];
    for (std::size_t i = 0; i < ctx.out.gradient.size(); ++i) {
      // Of a map and a factor a channel, the factors repeat.
      const std::size_t at_a = i % a.value.size(), at_b = i % b.value.size();
      const auto [by_a, by_b] = derivatives(a.value[at_a], b.value[at_b]);
      a.gradient[at_a] += by_a * ctx.out.gradient[i];
      b.gradient[at_b] += by_b * ctx.out.gradient[i];
    }
  }

  void prepare(const PrepareContext& ctx) override {
    out_ = ctx.out;
    inputs_ = ctx.in.size();
    if (ctx.in.size() == 2) scaled_ = scaled_input(std::array{ctx.in[0].shape, ctx.in[1].shape});
    if (scaled_ >= 0) zeros_ = AlignedFloats(kBlock);
  }
  // The factors' own place would be too small.
  int in_place_input() const override { return pairing_ == Pairing::multiply ? -1 : 0; }
  std::string kernel_name() const override { return scaled_ >= 0 ? "affine_f32_c16" : "pair_f32"; }

  void run(const RunContext& ctx) const noexcept override {
    if (scaled_ >= 0) return scale_channels(ctx);
    const std::int64_t floats = out_.floats(), pieces = ceil_div(floats, kPiece);
    ctx.team.for_each(ctx.batch * pieces, [&](std::int64_t task, int) {
      const std::int64_t image = task / pieces, begin = task % pieces * kPiece, n = std::min(kPiece, floats - begin);
      float* out = ctx.out.image(image) + begin;
      const float* left = ctx.in[0].image(image) + begin;
      for (std::size_t i = 1; i < ctx.in.size(); ++i, left = out) {
        ctx.kernels.pair_f32(pairing_, left, ctx.in[i].image(image) + begin, out, n);
      }
    });
  }

 private:
  // Of a pair, by each of the two; of equal values Keras takes the first.
  std::pair<double, double> derivatives(double a, double b) const {
    switch (pairing_) {
      case Pairing::subtract:
        return {1, -1};
      case Pairing::multiply:
        return {b, a};
      case Pairing::maximum:
        return a >= b ? std::pair{1.0, 0.0} : std::pair{0.0, 1.0};
      case Pairing::minimum:
        return a <= b ? std::pair{1.0, 0.0} : std::pair{0.0, 1.0};
    }
    return {0, 0};
  }

  // Which of two inputs the other has a factor for each channel of, or -1.
  int scaled_input(std::span<const Shape> in) const {
    if (pairing_ != Pairing::multiply || in[0] == in[1] || in[0].c() != in[1].c()) return -1;
    if (in[0].rank() == 3 && one_pixel(in[1])) return 0;
    return in[1].rank() == 3 && one_pixel(in[0]) ? 1 : -1;
  }

  void scale_channels(const RunContext& ctx) const noexcept {
    const std::size_t map = static_cast<std::size_t>(scaled_), factors = 1 - map;
    const std::int64_t blocks = out_.blocks(), plane = out_.pixels() * kBlock;
    ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
      const std::int64_t image = task / blocks, block = task % blocks;
      ctx.kernels.affine_f32_c16(ctx.in[map].image(image) + block * plane, ctx.out.image(image) + block * plane,
                                 static_cast<int>(out_.pixels()), ctx.in[factors].image(image) + block * kBlock,
                                 zeros_.data(), kNoClamp);
    });
  }

  Pairing pairing_;
  std::size_t inputs_ = 0;
  int scaled_ = -1;
  TensorDesc out_;
  AlignedFloats zeros_;
};

}  // namespace

std::unique_ptr<Layer> make_merge(const LayerConfig& config, Pairing pairing) {
  return std::make_unique<Merge>(config, pairing);
}

}  // namespace fovea
