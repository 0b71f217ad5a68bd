// Normalisation set by set, in double and in the order of the map.
#include "layers/norm/axes_norm.h"

#include <cmath>

#include "layers/each_line.h"

namespace fovea {

namespace {

class AxesNormOp final : public Op {
 public:
  AxesNormOp(Divisor divisor, AxisSets sets, std::vector<float> scale, std::vector<float> shift, TensorDesc out)
      : divisor_(divisor),
        sets_(std::move(sets)),
        scale_(std::move(scale)),
        shift_(std::move(shift)),
        out_(std::move(out)) {}

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override {
    return {.kernel = "scalar",
            .weight_bytes = float_bytes(std::ssize(scale_) + std::ssize(shift_) + std::ssize(sets_.first) +
                                        std::ssize(sets_.steps))};
  }
  void run(const RunContext& ctx) const noexcept override {
    for_each_line(ctx, out_, std::ssize(sets_.first), std::ssize(sets_.steps),
                  [&](const float* in, float* out, std::int64_t set) {
                    normalise(in, out, sets_.first[static_cast<std::size_t>(set)]);
                  });
  }

 private:
  void normalise(const float* in, float* out, std::int64_t first) const noexcept {
    const double count = static_cast<double>(sets_.steps.size());
    double mean = 0, squares = 0;
    if (divisor_.centre) {
      for (const std::int32_t step : sets_.steps) mean += double{in[first + step]};
      mean /= count;
    }
    for (const std::int32_t step : sets_.steps) {
      const double difference = double{in[first + step]} - mean;
      squares += difference * difference;
    }
    const double factor = divisor_.factor(squares, count);
    for (const std::int32_t step : sets_.steps) {
      const std::int64_t at = first + step;
      double value = (double{in[at]} - mean) * factor;
      if (!scale_.empty()) value *= double{scale_[static_cast<std::size_t>(at)]};
      if (!shift_.empty()) value += double{shift_[static_cast<std::size_t>(at)]};
      out[at] = static_cast<float>(value);
    }
  }

  Divisor divisor_;
  AxisSets sets_;
  std::vector<float> scale_, shift_;
  TensorDesc out_;
};

class AxesNorm final : public Layer {
 public:
  AxesNorm(const std::string& name, const std::string& class_name, Divisor divisor, AxisSets sets,
           std::vector<float> scale, std::vector<float> shift)
      : Layer(name, class_name),
        divisor_(divisor),
        sets_(std::move(sets)),
        scale_(std::move(scale)),
        shift_(std::move(shift)) {}

  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<AxesNormOp>(divisor_, std::move(sets_), std::move(scale_), std::move(shift_), ctx.out);
  }

 private:
  Divisor divisor_;
  AxisSets sets_;
  std::vector<float> scale_, shift_;
};

}  // namespace

std::unique_ptr<Layer> make_axes_norm(const std::string& name, const std::string& class_name, Divisor divisor,
                                      AxisSets sets, std::vector<float> scale, std::vector<float> shift) {
  return std::make_unique<AxesNorm>(name, class_name, divisor, std::move(sets), std::move(scale), std::move(shift));
}

std::vector<float> spread(const Weight& weight, const std::vector<std::int64_t>& dims,
                          const std::vector<bool>& marked) {
  std::vector<float> values;
  if (!weight.data) return values;
  for (const std::int32_t place : places_among(dims, marked)) values.push_back(weight.data[place]);
  return values;
}

}  // namespace fovea
