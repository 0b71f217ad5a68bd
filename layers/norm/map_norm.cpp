// Sums over pieces of fixed size, each by a kernel, added in order in double: the threads' number changes no bit.
#include "layers/norm/map_norm.h"

#include <algorithm>
#include <cmath>

#include <fovea/error.h>
#include "base/ceil_div.h"

namespace fovea {

namespace {

// Vectors of 16 values handed out at once.
constexpr std::int64_t kPieceBlocks = 256;

// With whole blocks, or empty if the weight has no data.
PackedFloats padded(const Weight& weight, const TensorDesc& desc, Packer& packer) {
  if (!weight.data) return {};
  return packer.fill("pair_f32", desc.values(),
                     [&](float* values) { std::copy_n(weight.data.get(), desc.shape.elements(), values); });
}

class MapNormOp final : public Op {
 public:
  MapNormOp(Divisor divisor, const Weight& scale, const Weight& shift, const TensorDesc& desc, Packer& packer)
      : divisor_(divisor),
        count_(desc.shape.elements()),
        scales_(padded(scale, desc, packer)),
        shifts_(padded(shift, desc, packer)) {}

  OpNeeds needs() const override {
    // Sixteen copies of the mean, then the sums of every piece.
    return {.shared_scratch = float_bytes(kBlock + ceil_div(count_, kPieceBlocks * kBlock) * kBlock),
            .in_place_input = 0};
  }
  OpReport report() const override {
    return {.kernel = "sum_f32_c16", .weight_bytes = scales_.bytes() + shifts_.bytes()};
  }
  void run(const RunContext& ctx) const noexcept override {
    for (std::int64_t image = 0; image < ctx.batch; ++image) {
      const float* in = ctx.in[0].image(image);
      float* centre = ctx.shared_scratch();
      std::fill_n(centre, kBlock, 0.0f);
      if (divisor_.centre) {
        const double mean = sum(ctx, in, ctx.kernels.normalise.sum_f32_c16, [](double x) { return x; }) / count();
        std::fill_n(centre, kBlock, static_cast<float>(mean));
      }
      const double middle = centre[0];
      const double squares = sum(ctx, in, ctx.kernels.normalise.sum_squares_f32_c16,
                                 [&](double x) { return (x - middle) * (x - middle); });
      scale(ctx, in, ctx.out.image(image), divisor_.factor(squares, count()), middle);
    }
  }

 private:
  using Kernel = void (*)(const float*, int, const float*, float*) noexcept;

  double count() const { return static_cast<double>(count_); }

  // Of whole vectors by the kernel, of the values behind them one by one.
  template <class F>
  double sum(const RunContext& ctx, const float* in, Kernel kernel, F f) const noexcept {
    const std::int64_t vectors = count_ / kBlock, pieces = ceil_div(vectors, kPieceBlocks);
    float* sums = ctx.shared_scratch() + kBlock;
    ctx.team.for_each(pieces, [&](std::int64_t piece, int) {
      const std::int64_t first = piece * kPieceBlocks;
      kernel(in + first * kBlock, static_cast<int>(std::min(kPieceBlocks, vectors - first)), ctx.shared_scratch(),
             sums + piece * kBlock);
    });
    double total = 0;
    for (std::int64_t i = 0; i < pieces * kBlock; ++i) total += double{sums[i]};
    for (std::int64_t i = vectors * kBlock; i < count_; ++i) total += f(double{in[i]});
    return total;
  }

  void scale(const RunContext& ctx, const float* in, float* out, double factor, double middle) const noexcept {
    float factors[kBlock], summands[kBlock];
    std::fill_n(factors, kBlock, static_cast<float>(factor));
    std::fill_n(summands, kBlock, static_cast<float>(-middle * factor));
    const std::int64_t vectors = ceil_div(count_, kBlock);
    ctx.team.for_each(ceil_div(vectors, kPieceBlocks), [&](std::int64_t piece, int) {
      const std::int64_t at = piece * kPieceBlocks * kBlock,
                         pixels = std::min(kPieceBlocks, vectors - piece * kPieceBlocks);
      ctx.kernels.elementwise.affine_f32_c16(in + at, out + at, static_cast<int>(pixels), factors, summands, kNoClamp);
      const auto pair = [&](Pairing pairing, const PackedFloats& values) {
        if (values.size() == 0) return;
        ctx.kernels.elementwise.pair_f32(pairing, out + at, values.data() + at, out + at, pixels * kBlock);
      };
      pair(Pairing::multiply, scales_);
      pair(Pairing::add, shifts_);
    });
  }

  Divisor divisor_;
  std::int64_t count_;
  PackedFloats scales_, shifts_;
};

class MapNorm final : public Layer {
 public:
  MapNorm(const std::string& name, const std::string& class_name, Divisor divisor, const Weight& scale,
          const Weight& shift)
      : Layer(name, class_name), divisor_(divisor), scale_(scale), shift_(shift) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    for (const Weight* weight : {&scale_, &shift_}) {
      if (!weight->shape.empty() && weight->shape != shape.dims()) {
        throw Error(where(weight->name + " is " + Shape(weight->shape).str() + ", its input is " + shape.str()));
      }
    }
    return shape;
  }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<MapNormOp>(divisor_, scale_, shift_, ctx.out, ctx.packer);
  }

 private:
  Divisor divisor_;
  Weight scale_, shift_;
};

}  // namespace

double Divisor::factor(double squares, double count) const {
  const double spread = squares / (mean ? count : 1) + epsilon;
  return 1 / std::sqrt(std::isnan(spread) ? spread : std::max(spread, smallest));
}

std::unique_ptr<Layer> make_map_norm(const std::string& name, const std::string& class_name, Divisor divisor,
                                     const Weight& scale, const Weight& shift) {
  return std::make_unique<MapNorm>(name, class_name, divisor, scale, shift);
}

}  // namespace fovea
