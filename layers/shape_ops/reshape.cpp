// Keras Reshape: the same values in the order height, width, channel under another shape. Source:
// keras/src/layers/reshaping/reshape.py.
#include <algorithm>

#include <fovea/error.h>
#include "layers/layer.h"

namespace fovea {

namespace {

class ReshapeOp final : public Op {
 public:
  explicit ReshapeOp(const TensorDesc& out) : out_(out) {}
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override { pass_gradient(ctx); }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t elements = out_.shape.elements();
    ctx.team.for_each(ctx.batch, [&](std::int64_t i, int) {
      float* end = std::copy_n(ctx.in[0].image(i), elements, ctx.out.image(i));
      std::fill_n(end, out_.values() - elements, 0.0f);
    });
  }

 private:
  TensorDesc out_;
};

class Reshape final : public Layer {
 public:
  explicit Reshape(const LayerConfig& config) : Layer(config) {
    const Attribute* attribute = config.find("target_shape");
    const auto* list = attribute == nullptr ? nullptr : std::get_if<AttributeList>(&attribute->value());
    if (list == nullptr) throw Error(where("attribute 'target_shape' is not a shape"));
    for (const Attribute& item : *list) {
      const auto* dim = std::get_if<std::int64_t>(&item.value());
      if (dim == nullptr || *dim < -1 || *dim == 0) throw Error(where("attribute 'target_shape' is not a shape"));
      target_.push_back(*dim);
    }
    if (std::count(target_.begin(), target_.end(), -1) > 1)
      throw Error(where("attribute 'target_shape' has more than one -1"));
    if (target_.size() > kMostDimensions)
      throw UnsupportedError(where("shapes of " + std::to_string(target_.size()) + " dimensions are not supported"));
  }

  Shape infer(std::span<const Shape> in) const override {
    const std::int64_t elements = only_input(in).elements();
    std::vector<std::int64_t> dims = target_;
    std::int64_t known = 1;
    for (const std::int64_t dim : dims) {
      if (dim > elements / known) throw misfit(in[0]);  // -1 is never larger
      if (dim > 0) known *= dim;
    }
    if (elements % known != 0) throw misfit(in[0]);
    std::replace(dims.begin(), dims.end(), std::int64_t{-1}, elements / known);
    if (Shape(dims).elements() != elements) throw misfit(in[0]);
    return Shape(dims);
  }
  Role role(std::span<const Shape> in) const override { return infer(in) == in[0] ? Role(Identity{}) : Role(); }

  // Of one pixel both layouts are the same values.
  LayerFormats formats(std::span<const Shape> in) const override {
    const bool one_pixel =
        target_.empty() || std::all_of(target_.begin(), target_.end() - 1, [](std::int64_t dim) { return dim == 1; });
    return {in[0].elements() == in[0].c() ? Layout::c16 : Layout::nhwc, one_pixel ? Layout::c16 : Layout::nhwc};
  }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override { return std::make_unique<ReshapeOp>(ctx.out); }

 private:
  Error misfit(const Shape& in) const {
    return Error(where("cannot give " + in.str() + " the shape " + Shape(target_).str()));
  }

  std::vector<std::int64_t> target_;
};

}  // namespace

std::unique_ptr<Layer> make_reshape(const LayerConfig& config) { return std::make_unique<Reshape>(config); }

}  // namespace fovea
