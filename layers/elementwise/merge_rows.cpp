// Each input has the result's size or 1 along every dimension: its values stand a stride apart, which is 0 where they
// repeat. One row of the result, its last dimension, at a time.
#include "layers/elementwise/merge_rows.h"

#include <algorithm>
#include <cmath>

#include "base/ceil_div.h"
#include "base/thread_team.h"

namespace fovea {

namespace {

class MergeRowsOp final : public Op {
 public:
  MergeRowsOp(RowOperation operation, bool average, std::span<const TensorDesc> inputs, const TensorDesc& out)
      : operation_(operation), average_(average), out_(out.shape), padding_(out.values() - out_.elements()) {
    const std::vector<std::int64_t> sizes = out_.is_number() ? std::vector<std::int64_t>{1} : out_.dims();
    for (const TensorDesc& in : inputs) inputs_.push_back(broadcast_view(in.shape, sizes));
  }

  OpReport report() const override { return {.kernel = "rows"}; }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t width = out_.c(), rows = out_.elements() / width;
    const std::int64_t per_task = std::max<std::int64_t>(1, kTaskValues / width), tasks = ceil_div(rows, per_task);
    ctx.team.for_each(ctx.batch * tasks, [&](std::int64_t task, int) {
      const std::int64_t image = task / tasks, begin = task % tasks * per_task, end = std::min(rows, begin + per_task);
      for (std::int64_t row = begin; row < end; ++row) merge(ctx, image, row);
      if (end == rows) std::fill_n(ctx.out.image(image) + rows * width, padding_, 0.0f);
    });
  }

 private:
  void merge(const RunContext& ctx, std::int64_t image, std::int64_t row) const noexcept {
    const std::int64_t width = out_.c();
    float* out = ctx.out.image(image) + row * width;
    for (std::size_t input = 0; input < inputs_.size(); ++input) {
      const float* in = ctx.in[input].image(image) + inputs_[input].row_start(row);
      const std::int64_t stride = inputs_[input].strides.back();
      if (input == 0) {
        for (std::int64_t i = 0; i < width; ++i) out[i] = in[i * stride];
      } else {
        pair(out, in, stride);
      }
    }
    if (!average_) return;
    const float factor = 1.0f / static_cast<float>(inputs_.size());
    for (std::int64_t i = 0; i < width; ++i) out[i] *= factor;
  }

  template <class F>
  void pair(float* out, const float* in, std::int64_t stride, F f) const noexcept {
    for (std::int64_t i = 0; i < out_.c(); ++i) out[i] = f(out[i], in[i * stride]);
  }
  void pair(float* out, const float* in, std::int64_t stride) const noexcept {
    switch (operation_) {
      case RowOperation::add:
        return pair(out, in, stride, [](float a, float b) { return a + b; });
      case RowOperation::subtract:
        return pair(out, in, stride, [](float a, float b) { return a - b; });
      case RowOperation::multiply:
        return pair(out, in, stride, [](float a, float b) { return a * b; });
      case RowOperation::maximum:
        return pair(out, in, stride, [](float a, float b) { return a >= b || std::isnan(a) ? a : b; });
      case RowOperation::minimum:
        return pair(out, in, stride, [](float a, float b) { return a <= b || std::isnan(a) ? a : b; });
      case RowOperation::divide:
        return pair(out, in, stride, [](float a, float b) { return a / b; });
    }
  }

  RowOperation operation_;
  bool average_;
  Shape out_;
  std::int64_t padding_;      // of a vector, whose storage is whole blocks that must be finite
  std::vector<View> inputs_;  // each along the dimensions of the result
};

class MergeRows final : public Layer {
 public:
  MergeRows(const std::string& name, const std::string& class_name, RowOperation operation, bool average, Shape out)
      : Layer(name, class_name), operation_(operation), average_(average), out_(std::move(out)) {}

  Shape infer(std::span<const Shape>) const override { return out_; }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<MergeRowsOp>(operation_, average_, ctx.in, ctx.out);
  }

 private:
  RowOperation operation_;
  bool average_;
  Shape out_;
};

}  // namespace

Shape broadcast_shape(std::span<const Shape> in) {
  std::vector<std::int64_t> dims;
  for (const Shape& shape : in) {
    const std::size_t rank = shape.dims().size();
    if (rank > dims.size()) dims.insert(dims.begin(), rank - dims.size(), 1);
    for (std::size_t i = 0; i < rank; ++i) {
      std::int64_t& dim = dims[dims.size() - rank + i];
      dim = std::max(dim, shape.dims()[i]);
    }
  }
  return Shape(dims);
}

bool fits_broadcast(std::span<const Shape> in, const Shape& out) {
  const auto same = [](std::int64_t a, std::int64_t b) { return a == b || a == 1; };
  return std::ranges::all_of(in, [&](const Shape& shape) {
    return shape.rank() <= out.rank() &&
           std::equal(shape.dims().rbegin(), shape.dims().rend(), out.dims().rbegin(), same);
  });
}

View broadcast_view(const Shape& in, const std::vector<std::int64_t>& sizes) {
  View view{sizes, std::vector<std::int64_t>(sizes.size(), 0)};
  std::int64_t stride = 1;
  for (std::size_t from = in.dims().size(), to = sizes.size(); from-- > 0;) {
    --to;
    if (in.dims()[from] > 1) view.strides[to] = stride;
    stride *= in.dims()[from];
  }
  return view;
}

RowOperation row_operation(Pairing pairing) {
  switch (pairing) {
    case Pairing::add:
      return RowOperation::add;
    case Pairing::subtract:
      return RowOperation::subtract;
    case Pairing::multiply:
      return RowOperation::multiply;
    case Pairing::maximum:
      return RowOperation::maximum;
    case Pairing::minimum:
      return RowOperation::minimum;
  }
  return RowOperation::add;
}

std::unique_ptr<Layer> make_merge_rows(const std::string& name, const std::string& class_name, RowOperation operation,
                                       bool average, const Shape& out) {
  return std::make_unique<MergeRows>(name, class_name, operation, average, out);
}

}  // namespace fovea
