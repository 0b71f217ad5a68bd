// Value by value over the row-major map. Only what IEEE 754 rounds exactly, so that all machines give the same bits.
#include "layers/elementwise/map_function.h"

#include <algorithm>
#include <cmath>

#include "layers/pieces.h"

namespace fovea {

namespace {

using Function = double (*)(double);

class MapFunctionOp final : public Op {
 public:
  MapFunctionOp(Function function, double factor, const TensorDesc& out)
      : function_(function), factor_(factor), values_(out.shape.elements()), padding_(out.values() - values_) {}

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override { return {.kernel = "scalar"}; }
  void run(const RunContext& ctx) const noexcept override {
    for_each_piece(ctx, values_, [&](std::int64_t image, std::int64_t begin, std::int64_t count) {
      const float* in = ctx.in[0].image(image) + begin;
      float* out = ctx.out.image(image) + begin;
      for (std::int64_t i = 0; i < count; ++i) out[i] = static_cast<float>(factor_ * function_(double{in[i]}));
      if (begin + count == values_) std::fill_n(out + count, padding_, 0.0f);
    });
  }

 private:
  Function function_;
  double factor_;
  std::int64_t values_, padding_;  // padding: of a vector, whose storage is whole blocks that must be finite
};

class MapFunction final : public Layer {
 public:
  MapFunction(const std::string& name, const std::string& class_name, Function function, double factor)
      : Layer(name, class_name), function_(function), factor_(factor) {}

  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<MapFunctionOp>(function_, factor_, ctx.out);
  }

 private:
  Function function_;
  double factor_;
};

}  // namespace

std::unique_ptr<Layer> make_power(const std::string& name, const std::string& class_name, double exponent,
                                  double factor) {
  static constexpr std::pair<double, Function> kFunctions[] = {
      {-2, [](double x) { return 1 / (x * x); }},        {-1, [](double x) { return 1 / x; }},
      {-0.5, [](double x) { return 1 / std::sqrt(x); }}, {0.5, [](double x) { return std::sqrt(x); }},
      {3, [](double x) { return x * x * x; }},           {4, [](double x) { return x * x * (x * x); }}};
  for (const auto& [known, function] : kFunctions) {
    if (exponent == known) return std::make_unique<MapFunction>(name, class_name, function, factor);
  }
  return nullptr;
}

}  // namespace fovea
