// Scale and shift of every value, in pieces small enough to share between threads.
#include "layers/norm/map_affine.h"

#include <algorithm>

#include <fovea/error.h>
#include "base/aligned.h"
#include "layers/axes.h"
#include "layers/pieces.h"

namespace fovea {

namespace {

class MapAffineOp final : public Op {
 public:
  MapAffineOp(const std::vector<float>& scale, const std::vector<float>& shift, const TensorDesc& out)
      : scales_(out.values()), shifts_(out.values()) {
    std::copy(scale.begin(), scale.end(), scales_.data());
    std::copy(shift.begin(), shift.end(), shifts_.data());
  }

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override { return {.kernel = "pair_f32", .weight_bytes = scales_.bytes() + shifts_.bytes()}; }
  void run(const RunContext& ctx) const noexcept override {
    for_each_piece(ctx, scales_.size(), [&](std::int64_t image, std::int64_t begin, std::int64_t n) {
      float* out = ctx.out.image(image) + begin;
      ctx.kernels.elementwise.pair_f32(Pairing::multiply, ctx.in[0].image(image) + begin, scales_.data() + begin, out,
                                       n);
      ctx.kernels.elementwise.pair_f32(Pairing::add, out, shifts_.data() + begin, out, n);
    });
  }

 private:
  AlignedFloats scales_, shifts_;
};

class MapAffine final : public Layer {
 public:
  MapAffine(const std::string& name, const std::string& class_name, std::vector<float> scale, std::vector<float> shift)
      : Layer(name, class_name), scale_(std::move(scale)), shift_(std::move(shift)) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    if (shape.elements() != std::ssize(scale_))
      throw Error(where("has " + std::to_string(scale_.size()) + " values, its input is " + shape.str()));
    return shape;
  }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<MapAffineOp>(scale_, shift_, ctx.out);
  }

 private:
  std::vector<float> scale_, shift_;
};

}  // namespace

std::unique_ptr<Layer> make_affine_along(const std::string& name, const std::string& class_name,
                                         const ChannelAffine& affine, const Shape& shape,
                                         const std::vector<bool>& marked) {
  std::int64_t places = 1;
  for (std::size_t axis = 0; axis < marked.size(); ++axis) places *= marked[axis] ? shape.dims()[axis] : 1;
  if (places != std::ssize(affine.scale)) return nullptr;
  std::vector<float> scale, shift;
  scale.reserve(static_cast<std::size_t>(shape.elements()));
  shift.reserve(static_cast<std::size_t>(shape.elements()));
  for (const std::int32_t place : places_among(shape.dims(), marked)) {
    scale.push_back(static_cast<float>(affine.scale[static_cast<std::size_t>(place)]));
    shift.push_back(static_cast<float>(affine.shift[static_cast<std::size_t>(place)]));
  }
  return std::make_unique<MapAffine>(name, class_name, std::move(scale), std::move(shift));
}

}  // namespace fovea
