// What lies from the axis on is one run of values of each input; the result is these runs in turn.
#include "layers/shape_ops/join_rows.h"

#include <algorithm>
#include <utility>

#include <fovea/error.h>

namespace fovea {

namespace {

class JoinRowsOp final : public Op {
 public:
  /// `runs`: how many values of each input lie together, `count` times.
  JoinRowsOp(std::vector<std::int64_t> runs, std::int64_t count, const TensorDesc& out)
      : runs_(std::move(runs)), count_(count), padding_(out.values() - out.shape.elements()) {}

  void run(const RunContext& ctx) const noexcept override {
    ctx.team.for_each(ctx.batch, [&](std::int64_t image, int) {
      float* out = ctx.out.image(image);
      for (std::int64_t i = 0; i < count_; ++i) {
        for (std::size_t input = 0; input < runs_.size(); ++input)
          out = std::copy_n(ctx.in[input].image(image) + i * runs_[input], runs_[input], out);
      }
      std::fill_n(out, padding_, 0.0f);
    });
  }

 private:
  std::vector<std::int64_t> runs_;
  std::int64_t count_;
  std::int64_t padding_;  // of a vector, whose storage is whole blocks that must be finite
};

class JoinRows final : public Layer {
 public:
  JoinRows(const std::string& name, const std::string& class_name, std::size_t axis, bool stack)
      : Layer(name, class_name), axis_(axis), stack_(stack) {}

  Shape infer(std::span<const Shape> in) const override {
    if (in.empty()) throw Error(where("has no inputs"));
    std::vector<std::int64_t> dims = dims_of(in[0]);
    dims[axis_] = 0;
    for (const Shape& shape : in) {
      std::vector<std::int64_t> others = dims_of(shape);
      const std::int64_t along = others.size() == dims.size() ? std::exchange(others[axis_], dims[axis_]) : 0;
      if (others != dims) throw Error(where("cannot join " + in[0].str() + " and " + shape.str()));
      dims[axis_] += along;
    }
    return Shape(dims);
  }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    std::vector<std::int64_t> runs;
    for (const TensorDesc& in : ctx.in) {
      const std::vector<std::int64_t> dims = dims_of(in.shape);
      std::int64_t run = 1;
      for (std::size_t i = axis_; i < dims.size(); ++i) run *= dims[i];
      runs.push_back(run);
    }
    const std::int64_t count = ctx.in[0].shape.elements() / runs[0];
    return std::make_unique<JoinRowsOp>(std::move(runs), count, ctx.out);
  }

 private:
  std::vector<std::int64_t> dims_of(const Shape& shape) const {
    std::vector<std::int64_t> dims = shape.dims();
    if (stack_) dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(std::min(axis_, dims.size())), 1);
    return dims;
  }

  std::size_t axis_;
  bool stack_;
};

}  // namespace

std::unique_ptr<Layer> make_join_rows(const std::string& name, const std::string& class_name, std::size_t axis,
                                      bool stack) {
  return std::make_unique<JoinRows>(name, class_name, axis, stack);
}

}  // namespace fovea
