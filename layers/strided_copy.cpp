// One row of the view, its last dimension, at a time.
#include "layers/strided_copy.h"

#include "layers/each_line.h"

namespace fovea {

namespace {

class StridedCopyOp final : public Op {
 public:
  StridedCopyOp(View view, const TensorDesc& out) : view_(std::move(view)), out_(out) {}

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t width = view_.sizes.back(), stride = view_.strides.back();
    for_each_line(ctx, out_, out_.shape.elements() / width, width,
                  [&](const float* in, float* out, std::int64_t row) noexcept {
                    const float* from = in + view_.row_start(row);
                    for (std::int64_t i = 0; i < width; ++i) out[row * width + i] = from[i * stride];
                  });
  }

 private:
  View view_;
  TensorDesc out_;
};

class StridedCopy final : public Layer {
 public:
  StridedCopy(const std::string& name, const std::string& class_name, View view, Shape out)
      : Layer(name, class_name), view_(std::move(view)), out_(std::move(out)) {}

  Shape infer(std::span<const Shape>) const override { return out_; }
  Role role(std::span<const Shape> in) const override {
    const View whole = View::of(out_);
    const bool same = in[0] == out_ && !out_.is_number() && view_.first == 0 && view_.sizes == whole.sizes &&
                      view_.strides == whole.strides;
    return same ? Role(Identity{}) : Role();
  }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<StridedCopyOp>(std::move(view_), ctx.out);
  }

 private:
  View view_;
  Shape out_;
};

}  // namespace

View View::of(const Shape& shape) {
  View view{shape.dims(), std::vector<std::int64_t>(shape.dims().size(), 1)};
  for (std::size_t i = view.sizes.size(); i-- > 1;) view.strides[i - 1] = view.strides[i] * view.sizes[i];
  return view;
}

std::int64_t View::row_start(std::int64_t row) const noexcept {
  std::int64_t at = first;
  for (std::size_t i = sizes.size() - 1; i-- > 0; row /= sizes[i]) at += row % sizes[i] * strides[i];
  return at;
}

std::unique_ptr<Layer> make_strided_copy(const std::string& name, const std::string& class_name, View view, Shape out) {
  return std::make_unique<StridedCopy>(name, class_name, std::move(view), std::move(out));
}

}  // namespace fovea
