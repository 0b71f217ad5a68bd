// One row of the result, its last dimension, at a time.
#include "layers/operation/index_copy.h"

#include <algorithm>

#include "base/ceil_div.h"
#include "base/thread_team.h"
#include "layers/old_layer.h"
#include "layers/strided_copy.h"

namespace fovea {

namespace {

class IndexCopy final : public OldLayer {
 public:
  IndexCopy(const std::string& name, const std::string& class_name, std::vector<std::vector<std::int32_t>> places,
            float fill)
      : OldLayer(name, class_name), places_(std::move(places)), fill_(fill) {}

  Shape infer(std::span<const Shape>) const override {
    std::vector<std::int64_t> dims;
    for (const auto& table : places_) dims.push_back(std::ssize(table));
    return Shape(dims);
  }
  Layout input_layout(std::span<const Shape>) const override { return Layout::nhwc; }
  Layout output_layout() const override { return Layout::nhwc; }

  void set_up(const PrepareContext& ctx) override {
    strides_ = View::of(ctx.in[0].shape).strides;
    rows_ = ctx.out.shape.elements() / std::ssize(places_.back());
    padding_ = ctx.out.values() - ctx.out.shape.elements();
  }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t width = std::ssize(places_.back());
    const std::int64_t per_task = std::max<std::int64_t>(1, kTaskValues / width), tasks = ceil_div(rows_, per_task);
    ctx.team.for_each(ctx.batch * tasks, [&](std::int64_t task, int) {
      const float* in = ctx.in[0].image(task / tasks);
      float* out = ctx.out.image(task / tasks);
      const std::int64_t begin = task % tasks * per_task, end = std::min(rows_, begin + per_task);
      for (std::int64_t row = begin; row < end; ++row) copy(in, row, out + row * width);
      if (end == rows_) std::fill_n(out + rows_ * width, padding_, 0.0f);
    });
  }

 private:
  void copy(const float* in, std::int64_t row, float* out) const noexcept {
    for (std::size_t i = places_.size() - 1; i-- > 0; row /= std::ssize(places_[i])) {
      const std::int32_t place = places_[i][static_cast<std::size_t>(row % std::ssize(places_[i]))];
      if (place == kFill) {
        std::fill_n(out, places_.back().size(), fill_);
        return;
      }
      in += place * strides_[i];
    }
    for (const std::int32_t place : places_.back()) *out++ = place == kFill ? fill_ : in[place];
  }

  std::vector<std::vector<std::int32_t>> places_;
  float fill_;
  std::vector<std::int64_t> strides_;
  std::int64_t rows_ = 0;
  std::int64_t padding_ = 0;  // of a vector, whose storage is whole blocks that must be finite
};

}  // namespace

std::unique_ptr<Layer> make_index_copy(const std::string& name, const std::string& class_name,
                                       std::vector<std::vector<std::int32_t>> places, float fill) {
  return std::make_unique<IndexCopy>(name, class_name, std::move(places), fill);
}

}  // namespace fovea
