// Sums, products, powers and bounds. Source: keras/src/ops/numpy.py.
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <fovea/error.h>
#include "layers/elementwise/activation.h"
#include "layers/elementwise/map_function.h"
#include "layers/elementwise/merge.h"
#include "layers/elementwise/merge_rows.h"
#include "layers/elementwise/value_function.h"
#include "layers/norm/affine.h"
#include "layers/operation/families.h"

namespace fovea {

namespace {

// x / y, either of which may repeat along any dimension.
class Divide final : public Layer {
 public:
  explicit Divide(const LayerConfig& config) : Layer(config) {}
  Shape infer(std::span<const Shape> in) const override {
    const Shape out = broadcast_shape(in);
    if (in.size() != 2 || !fits_broadcast(in, out)) throw Error(where("its inputs do not fit together"));
    return out;
  }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    return make_merge_rows(name(), class_name(), RowOperation::divide, false, infer(in));
  }
};

class ArithmeticOperation {
 public:
  ArithmeticOperation(const LayerConfig& config, OperationKind kind) : config_(config), kind_(kind) {}

  // With the constant, if there is one.
  std::unique_ptr<Layer> make() const {
    const double c = constant_.value_or(0);
    switch (kind_) {
      case OperationKind::negative:
        return affine(-1, 0);
      case OperationKind::add:
        return constant_ ? affine(1, c) : as_layer(config_, "Add", {});
      case OperationKind::subtract:
        if (!constant_) return pairing(Pairing::subtract);
        return constant_first_ ? affine(-1, c) : affine(1, -c);
      case OperationKind::multiply:
        return constant_ ? affine(c, 0) : pairing(Pairing::multiply);
      case OperationKind::divide:
        if (!constant_) return std::make_unique<Divide>(config_);
        if (constant_first_) return power(-1, c);
        return c != 0 ? affine(1 / c, 0) : nullptr;
      case OperationKind::reciprocal:
        return power(-1);
      case OperationKind::sqrt:
        return power(0.5);
      case OperationKind::rsqrt:
        return power(-0.5);
      case OperationKind::power:
        if (!constant_ || constant_first_) return nullptr;
        if (c == 1) return make_clamp_layer(config_, kNoClamp);
        return c == 2 ? as_activation(config_, "square") : power(c);
      case OperationKind::maximum:
        return constant_ ? clamp(c, HUGE_VAL) : pairing(Pairing::maximum);
      case OperationKind::minimum:
        return constant_ ? clamp(-HUGE_VAL, c) : pairing(Pairing::minimum);
      case OperationKind::clip:
        return config_.has(operation_key::kOperands) ? nullptr : clip();
      default:
        return nullptr;
    }
  }

  // One value or one for each channel is an affine map or a clamp where it can be, else and of any other shape a
  // function.
  std::unique_ptr<Layer> with_constant() {
    const Constant constant = read_constant(config_, operation_key::kConstant, *config_.find(operation_key::kConstant));
    constant_first_ = config_.boolean(operation_key::kConstantFirst, false);
    std::unique_ptr<Layer> layer;
    if (constant.is_single()) {
      constant_ = constant.values.front();
      layer = make();
    } else if (constant.is_per_channel()) {
      layer = per_channel(constant.values);
    }
    if (!layer && kind_ != OperationKind::bias_add) layer = make_value_operation(config_, kind_);
    if (!layer) {
      const std::string name = config_.text(operation_key::kKind, "");
      throw UnsupportedError(config_.where("the operation '" + name + "' with a constant is not supported"));
    }
    return layer;
  }

 private:
  std::unique_ptr<Layer> affine(double scale, double shift) const {
    return make_affine(config_.name(), config_.class_name(), static_cast<float>(scale), static_cast<float>(shift));
  }
  std::unique_ptr<Layer> power(double exponent, double factor = 1) const {
    return make_power(config_.name(), config_.class_name(), exponent, factor);
  }
  std::unique_ptr<Layer> pairing(Pairing pairing) const {
    return make_merge(config_.name(), config_.class_name(), pairing);
  }
  std::unique_ptr<Layer> clamp(double lo, double hi) const {
    return make_clamp_layer(config_, {static_cast<float>(lo), static_cast<float>(hi)});
  }

  // With a constant for each channel.
  std::unique_ptr<Layer> per_channel(const std::vector<double>& constants) const {
    const std::vector<float> c(constants.begin(), constants.end());
    const auto same = [&](float value) { return std::vector<float>(c.size(), value); };
    const auto each = [&](auto f) {
      std::vector<float> values;
      for (const float x : c) values.push_back(f(x));
      return values;
    };
    const auto affine = [&](const std::vector<float>& scale, const std::vector<float>& shift) {
      return make_channel_affine(config_.name(), config_.class_name(), scale, shift);
    };
    if (kind_ == OperationKind::add || kind_ == OperationKind::bias_add) {
      if (config_.text("data_format", "NHWC") != "NHWC")
        throw UnsupportedError(config_.where("data_format other than NHWC is not supported"));
      return affine(same(1), c);
    }
    if (kind_ == OperationKind::subtract)
      return constant_first_ ? affine(same(-1), c) : affine(same(1), each([](float x) { return -x; }));
    if (kind_ == OperationKind::multiply) return affine(c, same(0));
    if (kind_ == OperationKind::divide && !constant_first_ && std::count(c.begin(), c.end(), 0.0f) == 0)
      return affine(each([](float x) { return static_cast<float>(1 / double{x}); }), same(0));
    return nullptr;
  }

  // Keras' bounds are numbers, TensorFlow's may have a shape.
  std::unique_ptr<Layer> clip() const {
    std::vector<std::optional<Constant>> operands(1);
    for (const auto& [key, none] : {std::pair{"x_min", -HUGE_VAL}, std::pair{"x_max", HUGE_VAL}}) {
      const Attribute* bound = config_.find(key);
      const Attribute nothing = Attribute::Value(none);
      operands.push_back(read_constant(config_, key, bound == nullptr || bound->is_null() ? nothing : *bound));
    }
    if (operands[1]->is_single() && operands[2]->is_single())
      return clamp(operands[1]->values[0], operands[2]->values[0]);
    return make_value_function(
        config_.name(), config_.class_name(),
        [](double x, double low, double high) { return std::max(std::min(x, high), low); }, std::move(operands));
  }

  const LayerConfig& config_;
  OperationKind kind_;
  std::optional<double> constant_;
  bool constant_first_ = false;
};

}  // namespace

std::unique_ptr<Layer> make_arithmetic_operation(const LayerConfig& config, OperationKind kind) {
  return ArithmeticOperation(config, kind).make();
}

std::unique_ptr<Layer> make_constant_operation(const LayerConfig& config, OperationKind kind) {
  return ArithmeticOperation(config, kind).with_constant();
}

}  // namespace fovea
