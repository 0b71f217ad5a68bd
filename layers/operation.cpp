// Operations of Keras 3 and TensorFlow that stand in a model beside its layers (`x * 2`, `ops.relu(x)`): each is the
// layer that computes the same. Source: keras/src/ops/{numpy,nn,image}.py.
#include <algorithm>
#include <cmath>
#include <map>

#include "layers/activation.h"
#include "layers/affine.h"
#include "layers/axes.h"
#include "layers/error.h"
#include "layers/layer.h"
#include "layers/merge.h"
#include "layers/registry.h"

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
  void run(const RunContext&) const noexcept override {}  // never: it is specialised first

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
      if (dims.empty()) throw UnsupportedError(where("a result without dimensions is not supported"));
      return dims;
    }
    const std::vector<bool> at = marked_axes(axes_, shape.rank() + 1, name(), class_name());
    const auto place = std::find(at.begin(), at.end(), true) - at.begin();
    dims.insert(dims.begin() + place, 1);
    return dims;
  }

  std::vector<std::int64_t> axes_;
  bool squeeze_;
};

// What an operation was called with besides tensors.
class Operation {
 public:
  explicit Operation(const LayerConfig& config)
      : config_(config), name_(config.text("operation", "")), constant_(config.has("constant")) {
    if (constant_) constant_value_ = config.number("constant", 0);
    constant_first_ = config.boolean("constant_first", false);
  }

  std::unique_ptr<Layer> make() const {
    if (auto layer = arithmetic()) return layer;
    if (auto layer = function()) return layer;
    if (auto layer = shapes()) return layer;
    throw UnsupportedError(config_.where("the operation '" + name_ + "' is not supported"));
  }

 private:
  std::unique_ptr<Layer> affine(double scale, double shift) const {
    return make_affine(config_.name(), config_.class_name(), static_cast<float>(scale), static_cast<float>(shift));
  }
  std::unique_ptr<Layer> pairing(Pairing pairing) const {
    return make_merge(config_.name(), config_.class_name(), pairing);
  }
  std::unique_ptr<Layer> clamp(double lo, double hi) const {
    return make_clamp_layer(config_, {static_cast<float>(lo), static_cast<float>(hi)});
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
    if (name_ == "divide" && constant_ && !constant_first_ && c != 0) return affine(1 / c, 0);
    if (name_ == "maximum") return constant_ ? clamp(c, infinity) : pairing(Pairing::maximum);
    if (name_ == "minimum") return constant_ ? clamp(-infinity, c) : pairing(Pairing::minimum);
    if (name_ == "power" && constant_ && !constant_first_ && c == 2) return as_activation(config_, "square");
    if (name_ == "clip") return clamp(config_.number("x_min", -infinity), config_.number("x_max", infinity));
    return nullptr;
  }

  std::unique_ptr<Layer> function() const {
    static const std::map<std::string, std::string> kSame = {
        {"relu", "relu"},           {"relu6", "relu6"},
        {"sigmoid", "sigmoid"},     {"tanh", "tanh"},
        {"silu", "silu"},           {"swish", "silu"},
        {"softplus", "softplus"},   {"softsign", "softsign"},
        {"soft_sign", "softsign"},  {"exp", "exponential"},
        {"mish", "mish"},           {"hard_sigmoid", "hard_sigmoid"},
        {"hard_silu", "hard_silu"}, {"selu", "selu"},
        {"hard_tanh", "hard_tanh"}, {"log_sigmoid", "log_sigmoid"},
        {"square", "square"},       {"absolute", "absolute"},
        {"abs", "absolute"}};
    if (const auto found = kSame.find(name_); found != kSame.end()) return as_activation(config_, found->second);
    if (name_ == "gelu") return as_activation(config_, config_.boolean("approximate", true) ? "gelu_tanh" : "gelu");
    if (name_ == "softmax" || name_ == "log_softmax") {
      return make_softmax_layer(config_.name(), "Softmax", read_axes(config_, "axis", -1), name_ == "log_softmax");
    }
    if (name_ == "leaky_relu") {
      const char* key = config_.has("alpha") ? "alpha" : "negative_slope";
      return as_layer(config_, "LeakyReLU", {{"negative_slope", Attribute::Value(config_.number(key, 0.2))}});
    }
    if (name_ == "elu") return as_layer(config_, "ELU", {{"alpha", Attribute::Value(config_.number("alpha", 1))}});
    if (name_ == "identity" || name_ == "stop_gradient" || name_ == "cast") {
      return make_clamp_layer(config_, kNoClamp);
    }
    return nullptr;
  }

  std::unique_ptr<Layer> shapes() const {
    if (name_ == "mean" || name_ == "max") return global_pooling();
    if (name_ == "reshape") return reshape();
    if (name_ == "flatten") return as_layer(config_, "Flatten", {});
    if (name_ == "squeeze" && config_.has("axis"))
      return std::make_unique<NewDimensions>(config_, read_axes(config_, "axis", -1), true);
    if (name_ == "expand_dims") return std::make_unique<NewDimensions>(config_, read_axes(config_, "axis", -1), false);
    if (name_ == "concatenate") {
      return as_layer(config_, "Concatenate", {{"axis", whole(read_axes(config_, "axis", -1).front())}});
    }
    if (name_ == "transpose") return transpose();
    if (name_ == "pad") return pad();
    if (name_ == "resize") return resize();
    return nullptr;
  }

  // Over rows and columns alone.
  std::unique_ptr<Layer> global_pooling() const {
    std::vector<std::int64_t> axes = read_axes(config_, "axis", 0);
    std::sort(axes.begin(), axes.end());
    const bool plane = axes == std::vector<std::int64_t>{1, 2} || axes == std::vector<std::int64_t>{-3, -2};
    if (!plane)
      throw UnsupportedError(config_.where(name_ + " over axes other than rows and columns is not supported"));
    return as_layer(config_, name_ == "mean" ? "GlobalAveragePooling2D" : "GlobalMaxPooling2D",
                    {{"keepdims", Attribute::Value(config_.boolean("keepdims", false))}});
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
    if (!config_.has("axes") || read_axes(config_, "axes", 0).front() != 0)
      throw UnsupportedError(config_.where("moving the batch is not supported"));
    return as_layer(config_, "Permute", {{"dims", Attribute::Value(without_batch("axes"))}});
  }

  // Zeros around rows and columns: ((0, 0), (top, bottom), (left, right), (0, 0)).
  std::unique_ptr<Layer> pad() const {
    const AttributeList sides = without_batch("pad_width");
    const bool zeros = config_.text("mode", "constant") == "constant" && config_.number("constant_values", 0) == 0;
    const auto* channels = sides.size() == 3 ? std::get_if<AttributeList>(&sides[2].value()) : nullptr;
    const bool none = channels != nullptr && std::all_of(channels->begin(), channels->end(), [](const Attribute& n) {
                        const auto* number = std::get_if<std::int64_t>(&n.value());
                        return number != nullptr && *number == 0;
                      });
    if (!zeros || !none)
      throw UnsupportedError(config_.where("padding other than by zeros around maps is not supported"));
    return as_layer(config_, "ZeroPadding2D", {{"padding", Attribute::Value(AttributeList{sides[0], sides[1]})}});
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
  bool constant_, constant_first_ = false;
  double constant_value_ = 0;
};

}  // namespace

std::unique_ptr<Layer> make_operation(const LayerConfig& config) { return Operation(config).make(); }

}  // namespace fovea
