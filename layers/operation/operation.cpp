// Operations of Keras 3 and TensorFlow that stand in a model beside its layers (`x * 2`, `ops.relu(x)`): each is the
// layer that computes the same. Source: keras/src/ops/{numpy,nn,image}.py.
#include <algorithm>
#include <cmath>
#include <map>

#include <fovea/error.h>
#include "layers/axes.h"
#include "layers/elementwise/activation.h"
#include "layers/elementwise/map_function.h"
#include "layers/elementwise/merge.h"
#include "layers/elementwise/merge_rows.h"
#include "layers/elementwise/value_function.h"
#include "layers/norm/affine.h"
#include "layers/operation/accumulate.h"
#include "layers/operation/operation_places.h"
#include "layers/operation/operation_values.h"
#include "layers/operation/operation_views.h"
#include "layers/pool/reduce.h"
#include "layers/registry.h"
#include "layers/shape_ops/join_rows.h"

namespace fovea {

namespace {

Attribute whole(std::int64_t x) { return Attribute::Value(x); }

// The layer `class_name` under the operation's name.
std::unique_ptr<Layer> as_layer(const LayerConfig& config, const std::string& class_name, AttributeMap attributes) {
  return make_layer(LayerConfig(class_name, config.name(), std::move(attributes), {}));
}

std::unique_ptr<Layer> as_activation(const LayerConfig& config, const std::string& function) {
  return as_layer(config, "Activation", {{"activation", Attribute::Value(function)}});
}

// Reshape to a shape that depends on the input's: with a dimension of 1 put in, or those taken out.
class NewDimensions final : public Layer {
 public:
  NewDimensions(const LayerConfig& config, std::vector<std::int64_t> axes, bool squeeze)
      : Layer(config), axes_(std::move(axes)), squeeze_(squeeze) {}
  Shape infer(std::span<const Shape> in) const override { return Shape(dims(only_input(in))); }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    AttributeList target;
    for (const std::int64_t dim : dims(only_input(in))) target.push_back(whole(dim));
    return make_layer(LayerConfig("Reshape", name(), {{"target_shape", Attribute::Value(target)}}, {}));
  }

 private:
  std::vector<std::int64_t> dims(const Shape& shape) const {
    std::vector<std::int64_t> dims = shape.dims();
    if (squeeze_) {
      const std::vector<bool> out = marked_axes(axes_, shape.rank(), name(), class_name());
      for (std::size_t i = out.size(); i-- > 0;) {
        if (!out[i]) continue;
        if (dims[i] != 1) throw Error(where("cannot take a dimension of " + std::to_string(dims[i]) + " out"));
        dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(i));
      }
      return dims;
    }
    const int rank = shape.rank() + static_cast<int>(axes_.size());
    if (rank > kMostDimensions)
      throw UnsupportedError(where("a result of " + std::to_string(rank) + " dimensions is not supported"));
    const std::vector<bool> at = marked_axes(axes_, rank, name(), class_name());
    for (std::size_t i = 0; i < at.size(); ++i) {
      if (at[i]) dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(i), 1);
    }
    return dims;
  }

  std::vector<std::int64_t> axes_;
  bool squeeze_;
};

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

// Stack along an axis that the result has and the inputs have not.
class Stack final : public Layer {
 public:
  explicit Stack(const LayerConfig& config) : Layer(config), axis_(config.integer("axis", 0)) {}
  Shape infer(std::span<const Shape> in) const override { return rows(in)->infer(in); }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override { return rows(in); }

 private:
  std::unique_ptr<Layer> rows(std::span<const Shape> in) const {
    if (in.empty()) throw Error(where("has no inputs"));
    if (in[0].rank() >= kMostDimensions)
      throw UnsupportedError(where("inputs of shape " + in[0].str() + " are not supported"));
    return make_join_rows(name(), class_name(), axis_place(axis_, in[0].rank() + 1, name(), class_name()), true);
  }

  std::int64_t axis_;
};

const std::map<std::string, Reduction> kReductions = {{"mean", Reduction::mean},
                                                      {"sum", Reduction::sum},
                                                      {"prod", Reduction::product},
                                                      {"max", Reduction::maximum},
                                                      {"min", Reduction::minimum},
                                                      {"var", Reduction::variance},
                                                      {"std", Reduction::deviation},
                                                      {"any", Reduction::any},
                                                      {"all", Reduction::all},
                                                      {"argmax", Reduction::place_of_largest},
                                                      {"argmin", Reduction::place_of_smallest},
                                                      {"logsumexp", Reduction::log_sum_exp}};

// What an operation was called with besides tensors.
class Operation {
 public:
  explicit Operation(const LayerConfig& config) : config_(config), name_(config.text("operation", "")) {}

  std::unique_ptr<Layer> make() {
    if (config_.has("constant")) return with_constant();
    if (auto layer = arithmetic()) return layer;
    if (auto layer = function()) return layer;
    if (auto layer = shapes()) return layer;
    if (auto layer = make_view_operation(config_, name_)) return layer;
    if (auto layer = make_place_operation(config_, name_)) return layer;
    if (auto layer = make_value_operation(config_, name_)) return layer;
    throw UnsupportedError(config_.where("the operation '" + name_ + "' is not supported"));
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

  // One value or one for each channel is an affine map or a clamp where it can be, else and of any other shape a
  // function.
  std::unique_ptr<Layer> with_constant() {
    const Constant constant = read_constant(config_, "constant", *config_.find("constant"));
    constant_ = constant.is_single();
    constant_value_ = constant.values.front();
    constant_first_ = config_.boolean("constant_first", false);
    std::unique_ptr<Layer> layer;
    if (constant_) layer = arithmetic();
    if (!constant_ && constant.is_per_channel()) layer = channel_arithmetic(constant.values);
    if (!layer && name_ != "bias_add") layer = make_value_operation(config_, name_);
    if (!layer) throw UnsupportedError(config_.where("the operation '" + name_ + "' with a constant is not supported"));
    return layer;
  }

  // With a constant for each channel.
  std::unique_ptr<Layer> channel_arithmetic(const std::vector<double>& constants) const {
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
    if (name_ == "add" || name_ == "bias_add") {
      if (config_.text("data_format", "NHWC") != "NHWC")
        throw UnsupportedError(config_.where("data_format other than NHWC is not supported"));
      return affine(same(1), c);
    }
    if (name_ == "subtract")
      return constant_first_ ? affine(same(-1), c) : affine(same(1), each([](float x) { return -x; }));
    if (name_ == "multiply") return affine(c, same(0));
    if (name_ == "divide" && !constant_first_ && std::count(c.begin(), c.end(), 0.0f) == 0)
      return affine(each([](float x) { return static_cast<float>(1 / double{x}); }), same(0));
    return nullptr;
  }

  std::unique_ptr<Layer> arithmetic() const {
    const double c = constant_value_, infinity = HUGE_VAL;
    if (name_ == "negative") return affine(-1, 0);
    if (name_ == "add") return constant_ ? affine(1, c) : as_layer(config_, "Add", {});
    if (name_ == "subtract") {
      if (!constant_) return pairing(Pairing::subtract);
      return constant_first_ ? affine(-1, c) : affine(1, -c);
    }
    if (name_ == "multiply") return constant_ ? affine(c, 0) : pairing(Pairing::multiply);
    if (name_ == "divide" && !constant_) return std::make_unique<Divide>(config_);
    if (name_ == "divide" && !constant_first_ && c != 0) return affine(1 / c, 0);
    if (name_ == "divide" && constant_first_) return power(-1, c);
    if (name_ == "reciprocal") return power(-1);
    if (name_ == "sqrt") return power(0.5);
    if (name_ == "rsqrt") return power(-0.5);
    if (name_ == "power" && constant_ && !constant_first_ && c == 1) return make_clamp_layer(config_, kNoClamp);
    if (name_ == "maximum") return constant_ ? clamp(c, infinity) : pairing(Pairing::maximum);
    if (name_ == "minimum") return constant_ ? clamp(-infinity, c) : pairing(Pairing::minimum);
    if (name_ == "power" && constant_ && !constant_first_ && c == 2) return as_activation(config_, "square");
    if (name_ == "power" && constant_ && !constant_first_) return power(c);
    if (name_ == "clip" && !config_.has("operands")) return clip();
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

  std::unique_ptr<Layer> function() const {
    static const std::map<std::string, std::string> kSame = {{"relu", "relu"},
                                                             {"relu6", "relu6"},
                                                             {"sigmoid", "sigmoid"},
                                                             {"tanh", "tanh"},
                                                             {"silu", "silu"},
                                                             {"swish", "silu"},
                                                             {"softplus", "softplus"},
                                                             {"soft_sign", "softsign"},
                                                             {"exp", "exponential"},
                                                             {"mish", "mish"},
                                                             {"hard_sigmoid", "hard_sigmoid"},
                                                             {"hard_silu", "hard_silu"},
                                                             {"selu", "selu"},
                                                             {"hard_tanh", "hard_tanh"},
                                                             {"log_sigmoid", "log_sigmoid"},
                                                             {"square", "square"},
                                                             {"absolute", "absolute"},
                                                             {"abs", "absolute"}};
    if (const auto found = kSame.find(name_); found != kSame.end()) return as_activation(config_, found->second);
    if (name_ == "gelu") return as_activation(config_, config_.boolean("approximate", false) ? "gelu_tanh" : "gelu");
    if (name_ == "softmax" || name_ == "log_softmax") {
      const Attribute* axis = config_.find("axis");
      if (axis != nullptr && axis->is_null()) require_axis();
      return make_softmax_layer(config_.name(), "Softmax", read_axes(config_, "axis", -1), name_ == "log_softmax");
    }
    if (name_ == "leaky_relu") {
      const char* key = config_.has("alpha") ? "alpha" : "negative_slope";
      return as_layer(config_, "LeakyReLU", {{"negative_slope", Attribute::Value(config_.number(key, 0.2))}});
    }
    if (name_ == "elu") return as_layer(config_, "ELU", {{"alpha", Attribute::Value(config_.number("alpha", 1))}});
    if (name_ == "cast") return cast();
    if (name_ == "identity" || name_ == "stop_gradient") return make_clamp_layer(config_, kNoClamp);
    return nullptr;
  }

  // Without an axis all values are meant, those of other images too.
  void require_axis() const {
    if (!config_.has("axis")) throw UnsupportedError(config_.where(name_ + " over the batch is not supported"));
  }

  // Whole numbers as the processor makes them of others: those that do not fit are the least one.
  std::unique_ptr<Layer> cast() const {
    const std::string type = config_.text("dtype", "float32");
    for (const char* known : {"float16", "bfloat16", "float32", "float64"}) {
      if (type == known) return make_clamp_layer(config_, kNoClamp);
    }
    const auto function = [&](ValueFunction f) {
      return make_value_function(config_.name(), config_.class_name(), f, std::vector<std::optional<Constant>>(1));
    };
    if (type == "bool") return function([](double x, double, double) { return x != 0 ? 1.0 : 0.0; });
    if (type == "int32")
      return function([](double x, double, double) { return std::abs(x) < 0x1p31 ? std::trunc(x) : -0x1p31; });
    if (type == "int64")
      return function([](double x, double, double) { return std::abs(x) < 0x1p63 ? std::trunc(x) : -0x1p63; });
    throw UnsupportedError(config_.where("a cast to '" + type + "' is not supported"));
  }

  std::unique_ptr<Layer> shapes() const {
    if (kReductions.count(name_) > 0) return reduction();
    if (name_ == "cumsum" || name_ == "cumprod") return accumulation();
    if (name_ == "stack") return std::make_unique<Stack>(config_);
    if (name_ == "max_pool" || name_ == "average_pool") return pooling();
    if (name_ == "normalize" || name_ == "l2_normalize") return normalize();
    if (name_ == "reshape") return reshape();
    if (name_ == "flatten") return as_layer(config_, "Flatten", {});
    if (name_ == "squeeze" && config_.has("axis"))
      return std::make_unique<NewDimensions>(config_, read_axes(config_, "axis", -1), true);
    if (name_ == "expand_dims") return std::make_unique<NewDimensions>(config_, read_axes(config_, "axis", -1), false);
    if (name_ == "concatenate") {
      return as_layer(config_, "Concatenate", {{"axis", whole(read_axes(config_, "axis", -1).front())}});
    }
    if (name_ == "transpose") return transpose();
    if (name_ == "resize") return resize();
    return nullptr;
  }

  std::unique_ptr<Layer> reduction() const {
    require_axis();
    if (config_.has("initial")) throw UnsupportedError(config_.where("attribute 'initial' is not supported"));
    config_.find("output_type");  // of places; the values are the same
    return make_reduce(config_.name(), config_.class_name(), kReductions.at(name_), read_axes(config_, "axis", 0),
                       config_.boolean("keepdims", false));
  }

  std::unique_ptr<Layer> accumulation() const {
    require_axis();
    return make_accumulate(config_.name(), config_.class_name(), name_ == "cumprod", config_.integer("axis", 0),
                           config_.boolean("exclusive", false), config_.boolean("reverse", false));
  }

  // As the layers with the same settings. TensorFlow counts the batch and the channels and writes in capitals.
  std::unique_ptr<Layer> pooling() const {
    AttributeMap attributes;
    for (const char* key : {"pool_size", "strides"}) {
      if (config_.has(key)) attributes.emplace(key, without_ends(key));
    }
    if (config_.has("padding")) {
      std::string padding = config_.text("padding", "");
      for (char& c : padding) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      attributes.emplace("padding", Attribute::Value(padding));
    }
    if (config_.text("data_format", "NHWC") != "NHWC") copy_attributes(config_, {"data_format"}, attributes);
    return as_layer(config_, name_ == "max_pool" ? "MaxPooling2D" : "AveragePooling2D", std::move(attributes));
  }

  // [1, h, w, 1] is [h, w], and so is [n] of [n, n].
  Attribute without_ends(const std::string& key) const {
    const Attribute& attribute = *config_.find(key);
    const auto* list = std::get_if<AttributeList>(&attribute.value());
    if (list == nullptr) return attribute;
    if (list->size() == 1) return list->front();
    if (list->size() != 4) return attribute;
    for (const Attribute* end : {&list->front(), &list->back()}) {
      const auto* size = std::get_if<std::int64_t>(&end->value());
      if (size == nullptr || *size != 1)
        throw UnsupportedError(config_.where("pooling over images or channels is not supported"));
    }
    return Attribute::Value(AttributeList{(*list)[1], (*list)[2]});
  }

  // Vectors of length 1. TensorFlow's bound is that of the square, Keras' that of the length.
  std::unique_ptr<Layer> normalize() const {
    require_axis();
    if (config_.integer("order", 2) != 2)
      throw UnsupportedError(config_.where("orders other than 2 are not supported"));
    const double epsilon = config_.number("epsilon", name_ == "normalize" ? 1e-7 : 1e-12);
    AttributeMap attributes{{"epsilon", Attribute::Value(name_ == "normalize" ? epsilon : std::sqrt(epsilon))}};
    copy_attributes(config_, {"axis"}, attributes);
    return as_layer(config_, "UnitNormalization", std::move(attributes));
  }

  // The list under `key` without the batch.
  AttributeList without_batch(const std::string& key) const {
    const Attribute* attribute = config_.find(key);
    const auto* list = attribute == nullptr ? nullptr : std::get_if<AttributeList>(&attribute->value());
    if (list == nullptr || list->empty()) throw Error(config_.where("attribute '" + key + "' is not a list"));
    return {list->begin() + 1, list->end()};
  }

  std::unique_ptr<Layer> reshape() const {
    return as_layer(config_, "Reshape", {{"target_shape", Attribute::Value(without_batch("newshape"))}});
  }

  std::unique_ptr<Layer> transpose() const {
    config_.find("conjugate");  // of complex numbers
    if (!config_.has("axes") || read_axes(config_, "axes", 0).front() != 0)
      throw UnsupportedError(config_.where("moving the batch is not supported"));
    return as_layer(config_, "Permute", {{"dims", Attribute::Value(without_batch("axes"))}});
  }

  std::unique_ptr<Layer> resize() const {
    const auto [h, w] = config_.pair("size", 0);
    AttributeMap attributes{{"height", whole(h)}, {"width", whole(w)}};
    for (const char* key : {"interpolation", "antialias", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "fill_mode",
                            "fill_value", "data_format"}) {
      if (config_.has(key)) attributes.emplace(key, *config_.find(key));
    }
    return as_layer(config_, "Resizing", std::move(attributes));
  }

  const LayerConfig& config_;
  std::string name_;
  bool constant_ = false, constant_first_ = false;
  double constant_value_ = 0;
};

}  // namespace

std::unique_ptr<Layer> make_operation(const LayerConfig& config) {
  const std::string name = config.text("operation", ""), type = config.text("dtype", "");
  // Of what gives whole numbers the type says which, and a cast looks itself.
  const bool typed = name == "cast" || name == "argmax" || name == "argmin";
  if (!typed && !type.empty() && type.find("float") == std::string::npos)
    throw UnsupportedError(config.where("the type '" + type + "' is not supported"));
  return Operation(config).make();
}

}  // namespace fovea
