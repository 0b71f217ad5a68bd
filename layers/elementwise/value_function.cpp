// Row by row of the result, its last dimension; operands that are whole or one value are one long row.
#include "layers/elementwise/value_function.h"

#include <algorithm>

#include <fovea/error.h>
#include "base/ceil_div.h"
#include "base/thread_team.h"
#include "layers/elementwise/merge_rows.h"

namespace fovea {

namespace {

constexpr std::size_t kMostOperands = 3;

// A tensor, or a constant.
struct ValueOperand {
  Shape shape;  ///< without the batch
  std::optional<std::vector<float>> constant;
};

class ValueFunctionOp final : public Op {
 public:
  ValueFunctionOp(ValueFunction function, std::vector<ValueOperand> operands, const TensorDesc& out)
      : function_(function), operands_(std::move(operands)), elements_(out.shape.elements()) {
    padding_ = out.values() - elements_;
    const bool one_row = std::ranges::all_of(operands_, [&](const ValueOperand& operand) {
      return operand.shape.elements() == 1 || operand.shape.elements() == elements_;
    });
    sizes_ = one_row ? std::vector<std::int64_t>{elements_} : out.shape.dims();
    for (const ValueOperand& operand : operands_) {
      views_.push_back(broadcast_view(one_row ? Shape{operand.shape.elements()} : operand.shape, sizes_));
    }
  }

  OpNeeds needs() const override {
    std::int64_t tensors = 0, whole = 0;
    for (const ValueOperand& operand : operands_) {
      if (operand.constant) continue;
      ++tensors;
      if (operand.shape.elements() == elements_) ++whole;
    }
    return {.in_place_input = tensors == 1 && whole == 1 ? 0 : -1};
  }
  OpReport report() const override {
    std::int64_t values = 0;
    for (const ValueOperand& operand : operands_) values += operand.constant ? std::ssize(*operand.constant) : 0;
    return {.kernel = "scalar", .weight_bytes = float_bytes(values)};
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
  void compute(const RunContext& ctx, std::int64_t image, std::int64_t row, std::int64_t begin,
               std::int64_t end) const noexcept {
    static constexpr float kNothing = 0;
    const float* from[kMostOperands] = {&kNothing, &kNothing, &kNothing};
    std::int64_t strides[kMostOperands] = {0, 0, 0};
    std::size_t next = 0;
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      const auto& constant = operands_[i].constant;
      const float* data = constant ? constant->data() : ctx.in[next++].image(image);
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
  std::vector<ValueOperand> operands_;
  std::vector<std::int64_t> sizes_;  // of the result, or all of it as one row
  std::vector<View> views_;          // of each operand along these
  std::int64_t elements_;
  std::int64_t padding_ = 0;  // of a vector, whose storage is whole blocks that must be finite
};

class ValueFunctionLayer final : public Layer {
 public:
  ValueFunctionLayer(const std::string& name, const std::string& class_name, ValueFunction function,
                     std::vector<std::optional<Constant>> operands)
      : Layer(name, class_name), function_(function), operands_(std::move(operands)) {}

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
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    std::vector<Shape> in;
    for (const TensorDesc& desc : ctx.in) in.push_back(desc.shape);
    std::vector<ValueOperand> operands;
    for (Shape& shape : shapes(in)) {
      const auto& constant = operands_[operands.size()];
      operands.push_back({std::move(shape), constant ? std::optional(rounded(constant->values)) : std::nullopt});
    }
    return std::make_unique<ValueFunctionOp>(function_, std::move(operands), ctx.out);
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

  // As Keras rounds them.
  static std::vector<float> rounded(const std::vector<double>& values) {
    std::vector<float> floats;
    for (const double value : values) floats.push_back(static_cast<float>(value));
    return floats;
  }

  ValueFunction function_;
  std::vector<std::optional<Constant>> operands_;
};

}  // namespace

std::unique_ptr<Layer> make_value_function(const std::string& name, const std::string& class_name,
                                           ValueFunction function, std::vector<std::optional<Constant>> operands) {
  return std::make_unique<ValueFunctionLayer>(name, class_name, function, std::move(operands));
}

}  // namespace fovea
