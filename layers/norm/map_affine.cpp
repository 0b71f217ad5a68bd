// Scale and shift of every value, in pieces small enough to share between threads.
#include "layers/norm/map_affine.h"

#include <algorithm>

#include <fovea/error.h>
#include "base/aligned.h"
#include "base/ceil_div.h"
#include "base/thread_team.h"
#include "layers/axes.h"
#include "layers/old_layer.h"

namespace fovea {

namespace {

class MapAffine final : public OldLayer {
 public:
  MapAffine(const std::string& name, const std::string& class_name, std::vector<float> scale, std::vector<float> shift)
      : OldLayer(name, class_name), scale_(std::move(scale)), shift_(std::move(shift)) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    if (shape.elements() != std::ssize(scale_))
      throw Error(where("has " + std::to_string(scale_.size()) + " values, its input is " + shape.str()));
    return shape;
  }
  Layout input_layout(std::span<const Shape>) const override { return Layout::nhwc; }
  Layout output_layout() const override { return Layout::nhwc; }
  int in_place_input() const override { return 0; }
  std::string kernel_name() const override { return "pair_f32"; }
  std::int64_t weight_bytes() const override { return 2 * scales_.size() * std::int64_t{sizeof(float)}; }

  void set_up(const PrepareContext& ctx) override {
    const auto padded = [&](std::vector<float>& values) {
      AlignedFloats whole(ctx.out.values());
      std::copy(values.begin(), values.end(), whole.data());
      values = {};
      return whole;
    };
    scales_ = padded(scale_);
    shifts_ = padded(shift_);
  }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t floats = scales_.size(), pieces = ceil_div(floats, kTaskValues);
    ctx.team.for_each(ctx.batch * pieces, [&](std::int64_t task, int) {
      const std::int64_t image = task / pieces, at = task % pieces * kTaskValues,
                         n = std::min(kTaskValues, floats - at);
      float* out = ctx.out.image(image) + at;
      ctx.kernels.elementwise.pair_f32(Pairing::multiply, ctx.in[0].image(image) + at, scales_.data() + at, out, n);
      ctx.kernels.elementwise.pair_f32(Pairing::add, out, shifts_.data() + at, out, n);
    });
  }

 private:
  std::vector<float> scale_, shift_;
  AlignedFloats scales_, shifts_;
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
