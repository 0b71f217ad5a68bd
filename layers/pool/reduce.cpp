// Set by set, in the order of the map. Source of the operations: keras/src/ops/numpy.py.
#include "layers/pool/reduce.h"

#include <algorithm>
#include <cmath>

#include <fovea/error.h>
#include "layers/axes.h"
#include "layers/each_line.h"
#include "layers/elementwise/real_math.h"
#include "layers/registry.h"

namespace fovea {

namespace {

class ReduceOp final : public Op {
 public:
  ReduceOp(Reduction reduction, AxisSets sets, const TensorDesc& out)
      : reduction_(reduction), sets_(std::move(sets)), out_(out) {}

  OpReport report() const override { return {.kernel = "scalar"}; }
  void run(const RunContext& ctx) const noexcept override {
    for_each_line(ctx, out_, std::ssize(sets_.first), std::ssize(sets_.steps),
                  [&](const float* in, float* out, std::int64_t set) noexcept {
                    out[set] = value(in + sets_.first[static_cast<std::size_t>(set)]);
                  });
  }

 private:
  float value(const float* in) const noexcept {
    switch (reduction_) {
      case Reduction::sum:
        return static_cast<float>(sum(in));
      case Reduction::mean:
        return static_cast<float>(sum(in) / count());
      case Reduction::product:
        return static_cast<float>(product(in));
      case Reduction::maximum:
        return in[sets_.steps[best(in, true)]];
      case Reduction::minimum:
        return in[sets_.steps[best(in, false)]];
      case Reduction::variance:
        return static_cast<float>(variance(in));
      case Reduction::deviation:
        return static_cast<float>(std::sqrt(variance(in)));
      case Reduction::any:
        return std::ranges::any_of(sets_.steps, [&](std::int32_t step) { return in[step] != 0; }) ? 1.0f : 0.0f;
      case Reduction::all:
        return std::ranges::all_of(sets_.steps, [&](std::int32_t step) { return in[step] != 0; }) ? 1.0f : 0.0f;
      case Reduction::place_of_largest:
        return static_cast<float>(best(in, true));
      case Reduction::place_of_smallest:
        return static_cast<float>(best(in, false));
      case Reduction::log_sum_exp:
        return static_cast<float>(log_sum_exp(in));
    }
    return 0;
  }

  double count() const noexcept { return static_cast<double>(sets_.steps.size()); }
  double sum(const float* in) const noexcept {
    double sum = 0;
    for (const std::int32_t step : sets_.steps) sum += double{in[step]};
    return sum;
  }
  double product(const float* in) const noexcept {
    double product = 1;
    for (const std::int32_t step : sets_.steps) product *= double{in[step]};
    return product;
  }
  double variance(const float* in) const noexcept {
    const double mean = sum(in) / count();
    double squares = 0;
    for (const std::int32_t step : sets_.steps) {
      const double difference = double{in[step]} - mean;
      squares += difference * difference;
    }
    return squares / count();
  }
  // The first of the largest or smallest, or the first NaN.
  std::size_t best(const float* in, bool largest) const noexcept {
    std::size_t found = 0;
    for (std::size_t i = 0; i < sets_.steps.size(); ++i) {
      const float value = in[sets_.steps[i]], before = in[sets_.steps[found]];
      if (std::isnan(before)) break;
      if (std::isnan(value) || (largest ? value > before : value < before)) found = i;
    }
    return found;
  }
  double log_sum_exp(const float* in) const noexcept {
    const double largest = double{in[sets_.steps[best(in, true)]]};
    if (!std::isfinite(largest)) return largest;
    double sum = 0;
    for (const std::int32_t step : sets_.steps) sum += exp_of(double{in[step]} - largest);
    return largest + log_of(sum);
  }

  Reduction reduction_;
  AxisSets sets_;
  TensorDesc out_;
};

class Reduce final : public Layer {
 public:
  Reduce(const std::string& name, const std::string& class_name, Reduction reduction, std::vector<std::int64_t> axes,
         bool keep)
      : Layer(name, class_name), reduction_(reduction), axes_(std::move(axes)), keep_(keep) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    const std::vector<bool> over = marked_axes(axes_, shape.rank(), name(), class_name());
    std::vector<std::int64_t> dims;
    for (std::size_t i = 0; i < over.size(); ++i) {
      if (over[i] && keep_) dims.push_back(1);
      if (!over[i]) dims.push_back(shape.dims()[i]);
    }
    return Shape(dims);
  }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    if (in.size() != 1 || in[0].rank() != 3) return nullptr;
    const bool plane = marked_axes(axes_, 3, name(), class_name()) == std::vector<bool>{true, true, false};
    const char* pooling = reduction_ == Reduction::mean      ? "GlobalAveragePooling2D"
                          : reduction_ == Reduction::maximum ? "GlobalMaxPooling2D"
                                                             : nullptr;
    if (!plane || pooling == nullptr) return nullptr;
    return make_layer(LayerConfig(pooling, name(), {{"keepdims", Attribute::Value(keep_)}}, {}));
  }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    const Shape& in = ctx.in[0].shape;
    return std::make_unique<ReduceOp>(
        reduction_, sets_over(in.dims(), marked_axes(axes_, in.rank(), name(), class_name())), ctx.out);
  }

 private:
  Reduction reduction_;
  std::vector<std::int64_t> axes_;
  bool keep_;
};

}  // namespace

std::unique_ptr<Layer> make_reduce(const std::string& name, const std::string& class_name, Reduction reduction,
                                   std::vector<std::int64_t> axes, bool keep) {
  return std::make_unique<Reduce>(name, class_name, reduction, std::move(axes), keep);
}

}  // namespace fovea
