// Keras InputLayer: where a run's input lies. Source: keras/src/layers/core/input_layer.py.
#include <fovea/error.h>
#include "layers/layer.h"

namespace fovea {

namespace {

class InputOp final : public Op {
 public:
  void run(const RunContext&) const noexcept override {}  // the session's caller has written the input
};

class InputLayer final : public Layer {
 public:
  explicit InputLayer(const LayerConfig& config) : Layer(config), shape_(read_shape(config)) {}
  Shape infer(std::span<const Shape>) const override { return shape_; }
  LayerFormats formats(std::span<const Shape>) const override { return {.out = Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext&) override { return std::make_unique<InputOp>(); }

 private:
  // What to do about a size that is not known.
  static std::string advice(std::size_t dimensions) {
    return dimensions == 3 ? ": give its height and width" : dimensions == 2 ? ": give its length, as a width" : "";
  }

  static Shape read_shape(const LayerConfig& config) {
    const Attribute* attribute = config.find("shape");
    const auto* list = attribute == nullptr ? nullptr : std::get_if<AttributeList>(&attribute->value());
    if (list == nullptr || list->empty()) throw Error(config.where("has no usable shape"));
    if (list->size() > kMostDimensions)
      throw UnsupportedError(
          config.where("an input of " + std::to_string(list->size()) + " dimensions is not supported"));
    std::vector<std::int64_t> dims;
    for (const Attribute& dim : *list) {
      if (dim.is_null())
        throw UnsupportedError(config.where("an input of unknown size is not supported" + advice(list->size())));
      const auto* value = std::get_if<std::int64_t>(&dim.value());
      if (value == nullptr || *value <= 0 || *value > kMaxSize) throw Error(config.where("has no usable shape"));
      dims.push_back(*value);
    }
    if (Shape(dims).elements() > kMaxElements)
      throw Error(config.where("the input is too large: " + Shape(dims).str()));
    return Shape(std::move(dims));
  }

  static constexpr std::int64_t kMaxSize = 1 << 20;
  static constexpr std::int64_t kMaxElements = std::int64_t{1} << 30;
  Shape shape_;
};

}  // namespace

std::unique_ptr<Layer> make_input_layer(const LayerConfig& config) { return std::make_unique<InputLayer>(config); }

}  // namespace fovea
