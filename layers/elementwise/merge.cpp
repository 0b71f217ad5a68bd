// Pairing of inputs, in pieces small enough to share between threads. Source: keras/src/layers/merging/base_merge.py.
#include "layers/elementwise/merge.h"

#include <algorithm>
#include <optional>

#include <fovea/error.h>
#include "base/aligned.h"
#include "base/ceil_div.h"
#include "layers/elementwise/merge_rows.h"

namespace fovea {

namespace {

// Pixels of a block handed out at once.
constexpr std::int64_t kPiecePixels = 256;

// What an input has one value for.
enum class Extent { value, channel, pixel, all };

// What `shape` has one value for in a result of shape `out`, if it repeats so simply.
std::optional<Extent> extent(const Shape& shape, const Shape& out) {
  if (shape == out) return Extent::value;
  const std::int64_t pixels = shape.elements() / shape.c();
  if (shape.elements() == 1) return Extent::all;
  if (pixels == 1 && shape.c() == out.c()) return Extent::channel;
  const bool places = shape.rank() == out.rank() && shape.c() == 1 &&
                      std::equal(shape.dims().begin(), shape.dims().end() - 1, out.dims().begin());
  return places ? std::optional(Extent::pixel) : std::nullopt;
}

class MergeOp final : public Op {
 public:
  /// `extents`: of each input.
  MergeOp(Pairing pairing, bool average, std::vector<Extent> extents, TensorDesc out)
      : pairing_(pairing), average_(average), extents_(std::move(extents)), out_(std::move(out)) {
    std::fill_n(factor_.data(), kBlock, 1.0f / static_cast<float>(extents_.size()));
  }

  OpNeeds needs() const override { return {.in_place_input = extents_[0] == Extent::value ? 0 : -1}; }
  OpReport report() const override {
    const bool alike = std::count(extents_.begin(), extents_.end(), Extent::value) == std::ssize(extents_);
    return {.kernel = alike ? "pair_f32" : "pair_small_f32_c16"};
  }

  bool has_gradient() const override {
    return extents_.size() == 2 && !average_ && std::count(extents_.begin(), extents_.end(), Extent::pixel) == 0;
  }
  void add_gradients(const GradientContext& ctx) const override {
    const GradientOperand &a = ctx.in[0], &b = ctx.in[1];
    for (std::size_t i = 0; i < ctx.out.gradient.size(); ++i) {
      // Of a map and a value a channel, or one for all, the values repeat.
      const std::size_t at_a = i % a.value.size(), at_b = i % b.value.size();
      const auto [by_a, by_b] = derivatives(a.value[at_a], b.value[at_b]);
      a.gradient[at_a] += by_a * ctx.out.gradient[i];
      b.gradient[at_b] += by_b * ctx.out.gradient[i];
    }
  }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t blocks = out_.blocks(), pixels = out_.pixels(), pieces = ceil_div(pixels, kPiecePixels);
    ctx.team.for_each(ctx.batch * blocks * pieces, [&](std::int64_t task, int) {
      const std::int64_t image = task / (blocks * pieces), block = task / pieces % blocks;
      const std::int64_t first = task % pieces * kPiecePixels, n = std::min(kPiecePixels, pixels - first);
      piece(ctx, image, block, first, static_cast<int>(n));
    });
  }

 private:
  // Of a pair, by each of the two; of equal values Keras takes the first.
  std::pair<double, double> derivatives(double a, double b) const {
    switch (pairing_) {
      case Pairing::add:
        return {1, 1};
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

  void piece(const RunContext& ctx, std::int64_t image, std::int64_t block, std::int64_t first, int n) const noexcept {
    const std::int64_t at = (block * out_.pixels() + first) * kBlock;
    float* out = ctx.out.image(image) + at;
    float value[kBlock];
    const auto pair = [&](Pairing pairing, const float* left, std::size_t i, bool swapped) {
      const float* in = ctx.in[i].image(image);
      if (extents_[i] == Extent::all) {
        std::fill_n(value, kBlock, in[0]);
        in = value;
      } else {
        in += extents_[i] == Extent::channel ? block * kBlock : extents_[i] == Extent::pixel ? first * kBlock : at;
      }
      if (extents_[i] == Extent::value)
        return ctx.kernels.elementwise.pair_f32(pairing, left, in, out, std::int64_t{n} * kBlock);
      ctx.kernels.elementwise.pair_small_f32_c16({.pairing = pairing,
                                                  .swapped = swapped,
                                                  .a = left,
                                                  .b = in,
                                                  .per_pixel = extents_[i] == Extent::pixel,
                                                  .out = out,
                                                  .pixels = n});
    };
    std::size_t next = 1;
    const float* left = ctx.in[0].image(image) + at;
    if (extents_[0] != Extent::value) {
      if (extents_[1] == Extent::value) {
        pair(pairing_, ctx.in[1].image(image) + at, 0, true);
        next = 2;
      } else {
        std::fill_n(out, std::int64_t{n} * kBlock, 0.0f);
        pair(Pairing::add, out, 0, false);
      }
      left = out;
    }
    for (; next < extents_.size(); ++next, left = out) pair(pairing_, left, next, false);
    if (!average_) return;
    ctx.kernels.elementwise.pair_small_f32_c16({.pairing = Pairing::multiply,
                                                .swapped = false,
                                                .a = out,
                                                .b = factor_.data(),
                                                .per_pixel = false,
                                                .out = out,
                                                .pixels = n});
  }

  Pairing pairing_;
  bool average_;
  std::vector<Extent> extents_;
  TensorDesc out_;
  AlignedFloats factor_{kBlock};
};

class Merge final : public Layer {
 public:
  Merge(const std::string& name, const std::string& class_name, Pairing pairing, bool average)
      : Layer(name, class_name), pairing_(pairing), average_(average) {}

  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    if (!counts(in)) return nullptr;
    const Shape out = broadcast_shape(in);
    const bool simple = std::ranges::all_of(in, [&](const Shape& shape) { return extent(shape, out).has_value(); });
    if (simple || !fits_broadcast(in, out)) return nullptr;
    return make_merge_rows(name(), class_name(), row_operation(pairing_), average_, out);
  }

  Shape infer(std::span<const Shape> in) const override {
    const bool two = pairing_ == Pairing::subtract;
    if (!counts(in)) {
      throw Error(where(std::string("takes ") + (two ? "two inputs" : "at least two inputs") + ", has " +
                        std::to_string(in.size())));
    }
    const Shape out = broadcast_shape(in);
    for (const Shape& shape : in) {
      if (!extent(shape, out))
        throw Error(where("an input of shape " + shape.str() + " does not fit the others, which make " + out.str()));
    }
    return out;
  }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    std::vector<Extent> extents;
    for (const TensorDesc& in : ctx.in) extents.push_back(*extent(in.shape, ctx.out.shape));
    return std::make_unique<MergeOp>(pairing_, average_, std::move(extents), ctx.out);
  }

 private:
  bool counts(std::span<const Shape> in) const {
    return pairing_ == Pairing::subtract ? in.size() == 2 : in.size() >= 2;
  }

  Pairing pairing_;
  bool average_;
};

}  // namespace

std::unique_ptr<Layer> make_merge(const std::string& name, const std::string& class_name, Pairing pairing,
                                  bool average) {
  return std::make_unique<Merge>(name, class_name, pairing, average);
}

}  // namespace fovea
