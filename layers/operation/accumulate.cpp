// One line of values along the dimension after another.
#include "layers/operation/accumulate.h"

#include "layers/axes.h"
#include "layers/each_line.h"

namespace fovea {

namespace {

// How values are put together along a dimension, and where its lines lie.
struct Accumulation {
  bool product, exclusive, reverse;
  std::int64_t length = 1, stride = 1;
};

class AccumulateOp final : public Op {
 public:
  AccumulateOp(const Accumulation& way, const TensorDesc& out) : way_(way), out_(out) {}

  OpReport report() const override { return {.kernel = "scalar"}; }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t length = way_.length, stride = way_.stride;
    for_each_line(ctx, out_, out_.shape.elements() / length, length,
                  [&](const float* in, float* out, std::int64_t line) noexcept {
                    const std::int64_t first = line / stride * stride * length + line % stride;
                    accumulate(in + first, out + first);
                  });
  }

 private:
  void accumulate(const float* in, float* out) const noexcept {
    double total = way_.product ? 1 : 0;
    for (std::int64_t i = 0; i < way_.length; ++i) {
      const std::int64_t at = (way_.reverse ? way_.length - 1 - i : i) * way_.stride;
      const double before = total;
      total = way_.product ? total * double{in[at]} : total + double{in[at]};
      out[at] = static_cast<float>(way_.exclusive ? before : total);
    }
  }

  Accumulation way_;
  TensorDesc out_;
};

class Accumulate final : public Layer {
 public:
  Accumulate(const std::string& name, const std::string& class_name, const Accumulation& way, std::int64_t axis)
      : Layer(name, class_name), way_(way), axis_(axis) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    axis_place(axis_, shape.rank(), name(), class_name());
    return shape;
  }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    const std::vector<std::int64_t>& dims = ctx.in[0].shape.dims();
    const std::size_t axis = axis_place(axis_, ctx.in[0].shape.rank(), name(), class_name());
    Accumulation way = way_;
    way.length = dims[axis];
    for (std::size_t i = axis + 1; i < dims.size(); ++i) way.stride *= dims[i];
    return std::make_unique<AccumulateOp>(way, ctx.out);
  }

 private:
  Accumulation way_;
  std::int64_t axis_;
};

}  // namespace

std::unique_ptr<Layer> make_accumulate(const std::string& name, const std::string& class_name, bool product,
                                       std::int64_t axis, bool exclusive, bool reverse) {
  return std::make_unique<Accumulate>(name, class_name, Accumulation{product, exclusive, reverse}, axis);
}

}  // namespace fovea
