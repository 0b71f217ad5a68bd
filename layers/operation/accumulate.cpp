// One line of values along the dimension after another.
#include "layers/operation/accumulate.h"

#include <algorithm>

#include "base/ceil_div.h"
#include "base/thread_team.h"
#include "layers/axes.h"
#include "layers/old_layer.h"

namespace fovea {

namespace {

class Accumulate final : public OldLayer {
 public:
  Accumulate(const std::string& name, const std::string& class_name, bool product, std::int64_t axis, bool exclusive,
             bool reverse)
      : OldLayer(name, class_name), product_(product), exclusive_(exclusive), reverse_(reverse), axis_(axis) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    axis_place(axis_, shape.rank(), name(), class_name());
    return shape;
  }
  Layout input_layout(std::span<const Shape>) const override { return Layout::nhwc; }
  Layout output_layout() const override { return Layout::nhwc; }
  std::string kernel_name() const override { return "scalar"; }

  void set_up(const PrepareContext& ctx) override {
    const std::vector<std::int64_t>& dims = ctx.in[0].shape.dims();
    const std::size_t axis = axis_place(axis_, ctx.in[0].shape.rank(), name(), class_name());
    length_ = dims[axis];
    for (std::size_t i = axis + 1; i < dims.size(); ++i) stride_ *= dims[i];
    lines_ = ctx.in[0].shape.elements() / length_;
    padding_ = ctx.out.values() - lines_ * length_;
  }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t per_task = std::max<std::int64_t>(1, kTaskValues / length_), tasks = ceil_div(lines_, per_task);
    ctx.team.for_each(ctx.batch * tasks, [&](std::int64_t task, int) {
      const float* in = ctx.in[0].image(task / tasks);
      float* out = ctx.out.image(task / tasks);
      const std::int64_t begin = task % tasks * per_task, end = std::min(lines_, begin + per_task);
      for (std::int64_t line = begin; line < end; ++line) {
        const std::int64_t first = line / stride_ * stride_ * length_ + line % stride_;
        accumulate(in + first, out + first);
      }
      if (end == lines_) std::fill_n(out + lines_ * length_, padding_, 0.0f);
    });
  }

 private:
  void accumulate(const float* in, float* out) const noexcept {
    double total = product_ ? 1 : 0;
    for (std::int64_t i = 0; i < length_; ++i) {
      const std::int64_t at = (reverse_ ? length_ - 1 - i : i) * stride_;
      const double before = total;
      total = product_ ? total * double{in[at]} : total + double{in[at]};
      out[at] = static_cast<float>(exclusive_ ? before : total);
    }
  }

  bool product_, exclusive_, reverse_;
  std::int64_t axis_, length_ = 1, stride_ = 1, lines_ = 0;
  std::int64_t padding_ = 0;  // of a vector, whose storage is whole blocks that must be finite
};

}  // namespace

std::unique_ptr<Layer> make_accumulate(const std::string& name, const std::string& class_name, bool product,
                                       std::int64_t axis, bool exclusive, bool reverse) {
  return std::make_unique<Accumulate>(name, class_name, product, axis, exclusive, reverse);
}

}  // namespace fovea
