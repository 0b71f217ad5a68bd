// One row of the result, its last dimension, at a time.
#include "layers/operation/index_copy.h"

#include <algorithm>

#include "layers/each_line.h"
#include "layers/strided_copy.h"

namespace fovea {

namespace {

using Places = std::vector<std::vector<std::int32_t>>;

class IndexCopyOp final : public Op {
 public:
  IndexCopyOp(Places places, float fill, const TensorDesc& in, const TensorDesc& out)
      : places_(std::move(places)), fill_(fill), strides_(View::of(in.shape).strides), out_(out) {}

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t width = std::ssize(places_.back());
    for_each_line(ctx, out_, out_.shape.elements() / width, width,
                  [&](const float* in, float* out, std::int64_t row) noexcept { copy(in, row, out + row * width); });
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

  Places places_;
  float fill_;
  std::vector<std::int64_t> strides_;
  TensorDesc out_;
};

class IndexCopy final : public Layer {
 public:
  IndexCopy(const std::string& name, const std::string& class_name, Places places, float fill)
      : Layer(name, class_name), places_(std::move(places)), fill_(fill) {}

  Shape infer(std::span<const Shape>) const override {
    std::vector<std::int64_t> dims;
    for (const auto& table : places_) dims.push_back(std::ssize(table));
    return Shape(dims);
  }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<IndexCopyOp>(std::move(places_), fill_, ctx.in[0], ctx.out);
  }

 private:
  Places places_;
  float fill_;
};

}  // namespace

std::unique_ptr<Layer> make_index_copy(const std::string& name, const std::string& class_name,
                                       std::vector<std::vector<std::int32_t>> places, float fill) {
  return std::make_unique<IndexCopy>(name, class_name, std::move(places), fill);
}

}  // namespace fovea
