// Keras Permute and RepeatVector: values in another order, or several times. Sources:
// keras/src/layers/reshaping/{permute,repeat_vector}.py.
#include <algorithm>

#include <fovea/error.h>
#include "layers/strided_copy.h"

namespace fovea {

namespace {

class Permute final : public Layer {
 public:
  explicit Permute(const LayerConfig& config) : Layer(config) {
    const Attribute* attribute = config.find("dims");
    const auto* list = attribute == nullptr ? nullptr : std::get_if<AttributeList>(&attribute->value());
    if (list == nullptr || list->empty()) throw Error(where("attribute 'dims' is not a list of axes"));
    if (list->size() > kMostDimensions)
      throw UnsupportedError(where("an order of " + std::to_string(list->size()) + " axes is not supported"));
    for (const Attribute& item : *list) {
      const auto* dim = std::get_if<std::int64_t>(&item.value());
      const bool good = dim != nullptr && *dim >= 1 && *dim <= std::ssize(*list) &&
                        std::count(from_.begin(), from_.end(), *dim - 1) == 0;
      if (!good) throw Error(where("attribute 'dims' is not an order of the axes"));
      from_.push_back(*dim - 1);
    }
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    if (shape.rank() != std::ssize(from_))
      throw Error(where("orders " + std::to_string(from_.size()) + " axes, its input is " + shape.str()));
    std::vector<std::int64_t> dims;
    for (const std::int64_t axis : from_) dims.push_back(shape[static_cast<int>(axis)]);
    return Shape(dims);
  }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    const Shape out = infer(in);
    const View whole = View::of(in[0]);
    View view;
    for (const std::int64_t axis : from_) {
      view.sizes.push_back(whole.sizes[static_cast<std::size_t>(axis)]);
      view.strides.push_back(whole.strides[static_cast<std::size_t>(axis)]);
    }
    return make_strided_copy(name(), class_name(), std::move(view), out);
  }

 private:
  std::vector<std::int64_t> from_;
};

class RepeatVector final : public Layer {
 public:
  explicit RepeatVector(const LayerConfig& config) : Layer(config), n_(config.integer("n", 0)) {
    if (n_ < 1) throw Error(where("n must be positive"));
  }
  Shape infer(std::span<const Shape> in) const override {
    if (only_input(in).rank() != 1) throw Error(where("takes a vector, its input is " + in[0].str()));
    return {n_, in[0][0]};
  }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    const Shape out = infer(in);
    return make_strided_copy(name(), class_name(), {out.dims(), {0, 1}}, out);
  }

 private:
  std::int64_t n_;
};

}  // namespace

std::unique_ptr<Layer> make_permute(const LayerConfig& config) { return std::make_unique<Permute>(config); }
std::unique_ptr<Layer> make_repeat_vector(const LayerConfig& config) { return std::make_unique<RepeatVector>(config); }

}  // namespace fovea
