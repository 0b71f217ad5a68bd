// Value by value over the row-major map. Only what IEEE 754 rounds exactly, so that all machines give the same bits.
#include "layers/elementwise/map_function.h"

#include <algorithm>
#include <cmath>

#include "base/ceil_div.h"
#include "base/thread_team.h"

#include "layers/old_layer.h"

namespace fovea {

namespace {

using Function = double (*)(double);

class MapFunction final : public OldLayer {
 public:
  MapFunction(const std::string& name, const std::string& class_name, Function function, double factor)
      : OldLayer(name, class_name), function_(function), factor_(factor) {}

  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  Layout input_layout(std::span<const Shape>) const override { return Layout::nhwc; }
  Layout output_layout() const override { return Layout::nhwc; }
  int in_place_input() const override { return 0; }
  std::string kernel_name() const override { return "scalar"; }

  void set_up(const PrepareContext& ctx) override {
    values_ = ctx.out.shape.elements();
    padding_ = ctx.out.values() - values_;
  }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t pieces = ceil_div(values_, kTaskValues);
    ctx.team.for_each(ctx.batch * pieces, [&](std::int64_t task, int) {
      const std::int64_t image = task / pieces, begin = task % pieces * kTaskValues,
                         end = std::min(values_, begin + kTaskValues);
      const float* in = ctx.in[0].image(image);
      float* out = ctx.out.image(image);
      for (std::int64_t i = begin; i < end; ++i) out[i] = static_cast<float>(factor_ * function_(double{in[i]}));
      if (end == values_) std::fill_n(out + values_, padding_, 0.0f);
    });
  }

 private:
  Function function_;
  double factor_;
  std::int64_t values_ = 0, padding_ = 0;  // padding: of a vector, whose storage is whole blocks that must be finite
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
