// Keras UpSampling2D, Resizing and RandomCrop at inference: other numbers of rows and columns, nearest, bilinear or
// bicubic between pixel centres, of the whole input or of a window in it. Sources:
// keras/src/layers/reshaping/up_sampling2d.py, keras/src/layers/preprocessing/image_preprocessing/resizing.py;
// tensorflow/core/kernels/image/resize_bicubic_op.cc.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fovea/error.h>
#include "base/ceil_div.h"
#include "layers/elementwise/activation.h"
#include "layers/window.h"

namespace fovea {

namespace {

constexpr std::int64_t kMaxSize = 65536;
// Output pixels handed out at once.
constexpr std::int64_t kResizedPixels = 1024;

// By their number of taps an axis.
enum class Interpolation : int { nearest = 1, bilinear = 2, bicubic = 4 };

// Where the values of one axis come from.
struct Taps {
  std::vector<std::int32_t> first;
  std::vector<float> weights;
};

// Keys' cubic with a = -1/2, near its centre and from 1 to 2 beside it.
float near_weight(float x) { return (1.5f * x - 2.5f) * x * x + 1; }
float far_weight(float x) { return ((-0.5f * x + 2.5f) * x - 4) * x + 2; }

// For a place `part` of a pixel behind the second of four. TensorFlow knows 1024 places within a pixel; taps outside
// the input count nothing, and the others share what is missing.
std::array<float, 4> cubic_weights(float part, std::int64_t first, std::int64_t size) {
  constexpr float kPlaces = 1024;
  const float place = std::nearbyint(part * kPlaces) / kPlaces;
  std::array<float, 4> weights{far_weight(1 + place), near_weight(place), near_weight(1 - place),
                               far_weight(2 - place)};
  float sum = 0;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    const std::int64_t at = first + static_cast<std::int64_t>(k);
    if (at < 0 || at >= size) weights[k] = 0;
    sum += weights[k];
  }
  for (float& weight : weights) weight *= 1 / sum;
  return weights;
}

// Positions in float, as TensorFlow computes them.
Taps make_taps(std::int64_t in, std::int64_t out, Interpolation interpolation) {
  const float scale = static_cast<float>(in) / static_cast<float>(out);
  Taps taps;
  for (std::int64_t i = 0; i < out; ++i) {
    const float centre = (static_cast<float>(i) + 0.5f) * scale;
    const float position = interpolation == Interpolation::nearest ? centre : centre - 0.5f;
    const float below = std::floor(position), part = position - below;
    taps.first.push_back(static_cast<std::int32_t>(below));
    switch (interpolation) {
      case Interpolation::nearest:
        taps.weights.push_back(1);
        break;
      case Interpolation::bilinear:
        taps.weights.push_back(1 - part);
        taps.weights.push_back(part);
        break;
      case Interpolation::bicubic:
        taps.first.back() -= 1;
        const auto weights = cubic_weights(part, taps.first.back(), in);
        taps.weights.insert(taps.weights.end(), weights.begin(), weights.end());
        break;
    }
  }
  return taps;
}

std::optional<Interpolation> find_interpolation(const std::string& name) {
  if (name == "nearest") return Interpolation::nearest;
  if (name == "bilinear") return Interpolation::bilinear;
  if (name == "bicubic") return Interpolation::bicubic;
  return std::nullopt;
}

// What becomes the result: all of the input, whatever its proportions; the largest window of the result's proportions
// in its middle; the result's size in its middle after resizing to cover it; or that size from the corner of such a
// window.
enum class Part { whole, window, cover, corner };

// One axis of the input and of what it becomes, of which a part is the result.
struct Range {
  std::int64_t first, count;    // pixels that are read
  std::int64_t resized, start;  // to how many, and the first of them
};

// Keras' divisions, which are cut. `out`: the result's size; the others are those of the other axis.
Range range_of(Part part, std::int64_t in, std::int64_t out, std::int64_t other_in, std::int64_t other_out) {
  if (part == Part::whole) return {0, in, out, 0};
  if (part == Part::cover) {
    // The side that is shorter in proportion becomes the result's.
    const bool longer = static_cast<double>(in) / static_cast<double>(other_in) >
                        static_cast<double>(out) / static_cast<double>(other_out);
    const std::int64_t resized = longer ? other_out * in / other_in : out;
    return {0, in, resized, (resized - out) / 2};
  }
  const std::int64_t window = std::clamp<std::int64_t>(other_in * out / other_out, 1, in), first = (in - window) / 2;
  if (part == Part::window) return {first, window, out, 0};
  return {first, std::min(out, in - first), out, 0};
}

// The taps of an axis. Those of a window stay within it.
Taps taps_of(const Range& range, std::int64_t in, std::int64_t out, Interpolation interpolation) {
  Taps taps = make_taps(range.count, range.resized, interpolation);
  const std::size_t wide = static_cast<std::size_t>(interpolation), start = static_cast<std::size_t>(range.start);
  const std::size_t count = static_cast<std::size_t>(out);
  taps.first = {taps.first.begin() + range.start, taps.first.begin() + range.start + out};
  taps.weights = {taps.weights.begin() + static_cast<std::ptrdiff_t>(start * wide),
                  taps.weights.begin() + static_cast<std::ptrdiff_t>((start + count) * wide)};
  if (range.count == in) return taps;
  const std::int32_t last = static_cast<std::int32_t>(range.count) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    float* weights = taps.weights.data() + i * wide;
    if (interpolation == Interpolation::nearest) taps.first[i] = std::clamp(taps.first[i], 0, last);
    if (interpolation == Interpolation::bilinear && taps.first[i] < 0) weights[1] += std::exchange(weights[0], 0.0f);
    if (interpolation == Interpolation::bilinear && taps.first[i] == last)
      weights[0] += std::exchange(weights[1], 0.0f);
    taps.first[i] += static_cast<std::int32_t>(range.first);
  }
  return taps;
}

class ResizeOp final : public Op {
 public:
  ResizeOp(Interpolation interpolation, Taps y, Taps x, const TensorDesc& in, const TensorDesc& out)
      : interpolation_(interpolation), y_(std::move(y)), x_(std::move(x)), in_(in), out_(out) {}

  OpReport report() const override { return {.kernel = "resample_f32_c16"}; }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t blocks = in_.blocks(), h = out_.shape.h(), w = out_.shape.w();
    const std::int64_t rows = std::max<std::int64_t>(1, kResizedPixels / w), pieces = ceil_div(h, rows);
    ctx.team.for_each(ctx.batch * blocks * pieces, [&](std::int64_t task, int) {
      const std::int64_t image = task / (blocks * pieces), block = task / pieces % blocks, y = task % pieces * rows;
      ctx.kernels.resample.f32_c16({.in = ctx.in[0].image(image) + block * in_.pixels() * kBlock,
                                    .h = static_cast<int>(in_.shape.h()),
                                    .w = static_cast<int>(in_.shape.w()),
                                    .out = ctx.out.image(image) + block * out_.pixels() * kBlock,
                                    .out_w = static_cast<int>(w),
                                    .y_begin = static_cast<int>(y),
                                    .y_end = static_cast<int>(std::min(h, y + rows)),
                                    .taps_y = static_cast<int>(interpolation_),
                                    .taps_x = static_cast<int>(interpolation_),
                                    .first_y = y_.first.data(),
                                    .first_x = x_.first.data(),
                                    .weights_y = y_.weights.data(),
                                    .weights_x = x_.weights.data()});
    });
  }

 private:
  Interpolation interpolation_;
  Taps y_, x_;
  TensorDesc in_, out_;
};

class Resize final : public Layer {
 public:
  /// A result of h x w pixels, or, as `factors`, of so many times the input's.
  Resize(const LayerConfig& config, std::int64_t h, std::int64_t w, bool factors, Part part = Part::whole)
      : Layer(config), h_(h), w_(w), factors_(factors), part_(part) {
    require_channels_last(config);
    if (h < 1 || w < 1 || h > kMaxSize || w > kMaxSize) throw Error(where("the size is out of range"));
    const std::string kind = config.text("interpolation", factors ? "nearest" : "bilinear");
    const auto interpolation = find_interpolation(kind);
    if (!interpolation) throw UnsupportedError(where("interpolation '" + kind + "' is not supported"));
    interpolation_ = *interpolation;
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = feature_map(in);
    return factors_ ? Shape{shape.h() * h_, shape.w() * w_, shape.c()} : Shape{h_, w_, shape.c()};
  }
  Role role(std::span<const Shape> in) const override { return infer(in) == in[0] ? Role(Identity{}) : Role(); }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    const auto [in_h, in_w] = std::pair(ctx.in[0].shape.h(), ctx.in[0].shape.w());
    const auto [out_h, out_w] = std::pair(ctx.out.shape.h(), ctx.out.shape.w());
    return std::make_unique<ResizeOp>(
        interpolation_, taps_of(range_of(part_, in_h, out_h, in_w, out_w), in_h, out_h, interpolation_),
        taps_of(range_of(part_, in_w, out_w, in_h, out_h), in_w, out_w, interpolation_), ctx.in[0], ctx.out);
  }

 private:
  std::int64_t h_, w_;
  bool factors_;
  Part part_;
  Interpolation interpolation_;
};

}  // namespace

std::unique_ptr<Layer> make_up_sampling_2d(const LayerConfig& config) {
  const auto [h, w] = config.pair("size", 2);
  return std::make_unique<Resize>(config, h, w, true);
}

std::unique_ptr<Layer> make_resizing(const LayerConfig& config) {
  for (const char* key : {"pad_to_aspect_ratio", "antialias"}) {
    if (config.boolean(key, false)) throw UnsupportedError(config.where(std::string(key) + " is not supported"));
  }
  config.find("fill_mode");  // of padding only
  config.find("fill_value");
  const Part part = config.boolean("crop_to_aspect_ratio", false) ? Part::window : Part::whole;
  return std::make_unique<Resize>(config, config.integer("height", 0), config.integer("width", 0), false, part);
}

// What Keras does at inference changed; the loader says by `inference` what the file's version does.
std::unique_ptr<Layer> make_random_crop(const LayerConfig& config) {
  config.find("seed");
  const std::int64_t h = config.integer("height", 0), w = config.integer("width", 0);
  const std::string inference = config.text("inference", "nothing");
  for (const auto& [name, part] :
       {std::pair{"window", Part::window}, std::pair{"cover", Part::cover}, std::pair{"corner", Part::corner}}) {
    if (inference == name) return std::make_unique<Resize>(config, h, w, false, part);
  }
  if (inference != "nothing") throw Error(config.where("attribute 'inference' is not known"));
  require_channels_last(config);
  return make_clamp_layer(config, kNoClamp);
}

}  // namespace fovea
