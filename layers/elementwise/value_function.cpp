// Row by row of the result, its last dimension; operands that are whole or one value are one long row.
#include "layers/elementwise/value_function.h"

#include <algorithm>

#include <fovea/error.h>
#include "base/ceil_div.h"
#include "base/thread_team.h"
#include "layers/elementwise/merge_rows.h"
#include "layers/old_layer.h"
#include "layers/strided_copy.h"

namespace fovea {

namespace {

constexpr std::size_t kMostOperands = 3;

class ValueFunctionLayer final : public OldLayer {
 public:
  ValueFunctionLayer(const std::string& name, const std::string& class_name, ValueFunction function,
                     std::vector<std::optional<Constant>> operands)
      : OldLayer(name, class_name), function_(function), operands_(std::move(operands)) {}

  Shape infer(std::span<const Shape> in) const override {
    const auto tensors = std::ranges::count_if(operands_, [](const auto& operand) { return !operand.has_value(); });
    if (std::ssize(in) != tensors || in.empty()) {
      throw Error(where("takes " + std::to_string(tensors) + " tensors, has " + std::to_string(in.size())));
    }
    for (const Shape& shape : in) {
      if (shape.rank() != in[0].rank()) {
        throw UnsupportedError(
            where("inputs of different numbers of dimensions, " + in[0].str() + " and " + shape.str()));
      }
    }
    const std::vector<Shape> all = shapes(in);
    Shape out = broadcast_shape(all);
    if (!fits_broadcast(all, out)) throw Error(where("its operands do not fit together: " + list(all)));
    return out;
  }
  Layout input_layout(std::span<const Shape>) const override { return Layout::nhwc; }
  Layout output_layout() const override { return Layout::nhwc; }
  int in_place_input() const override { return in_place_ ? 0 : -1; }
  std::string kernel_name() const override { return "scalar"; }
  std::int64_t weight_bytes() const override {
    std::int64_t values = 0;
    for (const auto& constants : constants_) values += std::ssize(constants);
    return values * std::int64_t{sizeof(float)};
  }

  void set_up(const PrepareContext& ctx) override {
    std::vector<Shape> in;
    for (const TensorDesc& desc : ctx.in) in.push_back(desc.shape);
    const std::vector<Shape> all = shapes(in);
    const Shape out = ctx.out.shape.rank() == 0 ? Shape{1} : ctx.out.shape;
    const bool one_row = std::ranges::all_of(
        all, [&](const Shape& shape) { return shape.elements() == 1 || shape.elements() == out.elements(); });
    sizes_ = one_row ? std::vector<std::int64_t>{out.elements()} : out.dims();
    for (const Shape& shape : all) views_.push_back(one_row ? row(shape) : spread(shape));
    for (const auto& operand : operands_) {
      constants_.emplace_back();
      // As Keras rounds them.
      for (const double value : operand ? operand->values : std::vector<double>{})
        constants_.back().push_back(static_cast<float>(value));
    }
    elements_ = out.elements();
    padding_ = ctx.out.values() - elements_;
    in_place_ = in.size() == 1 && in[0].elements() == out.elements();
  }

  void run(const RunContext& ctx) const noexcept override {
    // A piece of a row, so that one long row is shared as well.
    const std::int64_t width = sizes_.back(), pieces = ceil_div(width, kTaskValues);
    const std::int64_t piece = ceil_div(width, pieces), rows = elements_ / width;
    const std::int64_t per_task = std::max<std::int64_t>(1, kTaskValues / width);
    const std::int64_t groups = ceil_div(rows, per_task), tasks = groups * pieces;
    ctx.team.for_each(ctx.batch * tasks, [&](std::int64_t task, int) {
      const std::int64_t image = task / tasks, group = task % tasks / pieces, begin = task % pieces * piece;
      const std::int64_t end = std::min(width, begin + piece), last = std::min(rows, (group + 1) * per_task);
      for (std::int64_t row = group * per_task; row < last; ++row) compute(ctx, image, row, begin, end);
      if (last == rows && end == width) std::fill_n(ctx.out.image(image) + elements_, padding_, 0.0f);
    });
  }

 private:
  static std::string list(const std::vector<Shape>& shapes) {
    std::string text;
    for (const Shape& shape : shapes) text += (text.empty() ? "" : ", ") + shape.str();
    return text;
  }

  // Of each operand; the batch, which a constant may state as 1, is left out.
  std::vector<Shape> shapes(std::span<const Shape> in) const {
    const int rank = in[0].rank();
    std::vector<Shape> all;
    std::size_t next = 0;
    for (const auto& operand : operands_) {
      if (!operand) {
        all.push_back(in[next++]);
        continue;
      }
      std::vector<std::int64_t> dims = operand->dims;
      if (std::ssize(dims) == rank + 1 && dims.front() == 1) dims.erase(dims.begin());
      if (std::ssize(dims) > rank) {
        throw UnsupportedError(where("a constant of shape " + Shape(operand->dims).str() + " with an input of shape " +
                                     in[0].str() + " is not supported"));
      }
      all.emplace_back(std::move(dims));
    }
    return all;
  }

  static View row(const Shape& shape) { return {{shape.elements()}, {shape.elements() == 1 ? 0 : 1}}; }
  View spread(const Shape& shape) const {
    View view{sizes_, std::vector<std::int64_t>(sizes_.size(), 0)};
    std::int64_t stride = 1;
    for (std::size_t i = shape.dims().size(), to = sizes_.size(); i-- > 0;) {
      --to;
      if (shape.dims()[i] > 1) view.strides[to] = stride;
      stride *= shape.dims()[i];
    }
    return view;
  }

  void compute(const RunContext& ctx, std::int64_t image, std::int64_t row, std::int64_t begin,
               std::int64_t end) const noexcept {
    static constexpr float kNothing = 0;
    const float* from[kMostOperands] = {&kNothing, &kNothing, &kNothing};
    std::int64_t strides[kMostOperands] = {0, 0, 0};
    std::size_t next = 0;
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      const float* data = operands_[i] ? constants_[i].data() : ctx.in[next++].image(image);
      strides[i] = views_[i].strides.back();
      from[i] = data + views_[i].row_start(row) + begin * strides[i];
    }
    float* out = ctx.out.image(image) + row * sizes_.back() + begin;
    for (std::int64_t i = 0; i < end - begin; ++i) {
      out[i] = static_cast<float>(
          function_(double{from[0][i * strides[0]]}, double{from[1][i * strides[1]]}, double{from[2][i * strides[2]]}));
    }
  }

  ValueFunction function_;
  std::vector<std::optional<Constant>> operands_;
  std::vector<std::vector<float>> constants_;
  std::vector<std::int64_t> sizes_;  // of the result, or all of it as one row
  std::vector<View> views_;          // of each operand along these
  std::int64_t elements_ = 0;
  std::int64_t padding_ = 0;  // of a vector, whose storage is whole blocks that must be finite
  bool in_place_ = false;
};

}  // namespace

std::unique_ptr<Layer> make_value_function(const std::string& name, const std::string& class_name,
                                           ValueFunction function, std::vector<std::optional<Constant>> operands) {
  return std::make_unique<ValueFunctionLayer>(name, class_name, function, std::move(operands));
}

}  // namespace fovea
