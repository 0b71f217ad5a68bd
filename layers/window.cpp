// Reading of window attributes, shared by convolution, pooling and padding.
#include "layers/window.h"

#include <fovea/error.h>

namespace fovea {

namespace {

class WindowCopyOp final : public Op {
 public:
  WindowCopyOp(const TensorDesc& in, const TensorDesc& out, std::int64_t y, std::int64_t x)
      : in_(in), out_(out), y_(static_cast<int>(y)), x_(static_cast<int>(x)) {}

  OpReport report() const override { return {.kernel = "pack_rows_f32_c16"}; }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t blocks = in_.blocks();
    ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
      const std::int64_t image = task / blocks, block = task % blocks;
      ctx.kernels.pack.rows_f32_c16({.in = ctx.in[0].image(image) + block * in_.pixels() * kBlock,
                                     .h = static_cast<int>(in_.shape.h()),
                                     .w = static_cast<int>(in_.shape.w()),
                                     .groups = 1,
                                     .y0 = y_,
                                     .row_step = 1,
                                     .x0 = x_,
                                     .rows = static_cast<int>(out_.shape.h()),
                                     .cols = static_cast<int>(out_.shape.w()),
                                     .phases = 1,
                                     .keep_phases = 1,
                                     .out = ctx.out.image(image) + block * out_.pixels() * kBlock});
    });
  }

 private:
  TensorDesc in_, out_;
  int y_, x_;
};

}  // namespace

bool read_same_padding(const LayerConfig& config) {
  const std::string padding = config.text("padding", "valid");
  if (padding == "same") return true;
  if (padding == "valid") return false;
  throw UnsupportedError(config.where("padding '" + padding + "' is not supported"));
}

std::pair<WindowAxis, WindowAxis> read_window(const LayerConfig& config, const char* size_key,
                                              bool strides_default_to_size) {
  const auto size = config.pair(size_key, strides_default_to_size ? 2 : 0);
  const auto strides = strides_default_to_size && !config.has("strides") ? size : config.pair("strides", 1);
  const auto dilation = config.pair("dilation_rate", 1);
  for (const std::int64_t value :
       {size.first, size.second, strides.first, strides.second, dilation.first, dilation.second}) {
    if (value < 1 || value > 65536) throw Error(config.where("kernel, stride or dilation out of range"));
  }
  return {{size.first, strides.first, dilation.first}, {size.second, strides.second, dilation.second}};
}

Padding read_sides(const LayerConfig& config, const std::string& key, std::int64_t fallback) {
  const Attribute* attribute = config.find(key);
  const auto* list = attribute == nullptr ? nullptr : std::get_if<AttributeList>(&attribute->value());
  const bool pairs = list != nullptr && list->size() == 2 && std::holds_alternative<AttributeList>((*list)[0].value());
  const auto side = [&](std::size_t axis, std::size_t end) {
    const auto* pair = std::get_if<AttributeList>(&(*list)[axis].value());
    const auto* value =
        pair != nullptr && pair->size() == 2 ? std::get_if<std::int64_t>(&(*pair)[end].value()) : nullptr;
    if (value == nullptr) throw Error(config.where("attribute '" + key + "' is not ((top, bottom), (left, right))"));
    return *value;
  };
  Padding sides;
  if (pairs) {
    sides = {side(0, 0), side(0, 1), side(1, 0), side(1, 1)};
  } else {
    const auto [y, x] = config.pair(key, fallback);
    sides = {y, y, x, x};
  }
  for (const std::int64_t pixels : {sides.top, sides.bottom, sides.left, sides.right}) {
    if (pixels < 0 || pixels > 65536) throw Error(config.where(key + " out of range"));
  }
  return sides;
}

std::unique_ptr<Op> make_window_copy(const TensorDesc& in, const TensorDesc& out, std::int64_t y, std::int64_t x) {
  return std::make_unique<WindowCopyOp>(in, out, y, x);
}

void require_channels_last(const LayerConfig& config) {
  const std::string format = config.text("data_format", "channels_last");
  if (format != "channels_last") throw UnsupportedError(config.where("data_format '" + format + "' is not supported"));
}

}  // namespace fovea
