// Value by value over the row-major map. Only what IEEE 754 rounds exactly, so that all machines give the same bits.
#include "layers/elementwise/map_function.h"

#include <cmath>

#include "layers/each_line.h"

namespace fovea {

namespace {

using Function = double (*)(double);

class MapFunctionOp final : public Op {
 public:
  MapFunctionOp(Function function, double factor, const TensorDesc& out)
      : function_(function), factor_(factor), out_(out) {}

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override { return {.kernel = "scalar"}; }
  void run(const RunContext& ctx) const noexcept override {
    for_each_line(ctx, out_, out_.shape.elements(), 1, [&](const float* in, float* out, std::int64_t i) {
      out[i] = static_cast<float>(factor_ * function_(double{in[i]}));
    });
  }

 private:
  Function function_;
  double factor_;
  TensorDesc out_;
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
