// One row of the view, its last dimension, at a time.
#include "layers/strided_copy.h"

#include <algorithm>

#include "base/ceil_div.h"
#include "base/thread_team.h"

#include "layers/old_layer.h"

namespace fovea {

namespace {

class StridedCopy final : public OldLayer {
 public:
  StridedCopy(const std::string& name, const std::string& class_name, View view, Shape out)
      : OldLayer(name, class_name), view_(std::move(view)), out_(std::move(out)) {}

  Shape infer(std::span<const Shape>) const override { return out_; }
  bool is_identity(std::span<const Shape> in) const override {
    const View whole = View::of(out_);
    return in[0] == out_ && !out_.is_number() && view_.first == 0 && view_.sizes == whole.sizes &&
           view_.strides == whole.strides;
  }
  Layout input_layout(std::span<const Shape>) const override { return Layout::nhwc; }
  Layout output_layout() const override { return Layout::nhwc; }

  void set_up(const PrepareContext& ctx) override { padding_ = ctx.out.values() - out_.elements(); }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t width = view_.sizes.back(), stride = view_.strides.back(), rows = out_.elements() / width;
    const std::int64_t per_task = std::max<std::int64_t>(1, kTaskValues / width), tasks = ceil_div(rows, per_task);
    ctx.team.for_each(ctx.batch * tasks, [&](std::int64_t task, int) {
      const float* in = ctx.in[0].image(task / tasks);
      float* out = ctx.out.image(task / tasks);
      const std::int64_t begin = task % tasks * per_task, end = std::min(rows, begin + per_task);
      for (std::int64_t row = begin; row < end; ++row) {
        const float* from = in + view_.row_start(row);
        for (std::int64_t i = 0; i < width; ++i) out[row * width + i] = from[i * stride];
      }
      if (end == rows) std::fill_n(out + rows * width, padding_, 0.0f);
    });
  }

 private:
  View view_;
  Shape out_;
  std::int64_t padding_ = 0;  // of a vector, whose storage is whole blocks that must be finite
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
