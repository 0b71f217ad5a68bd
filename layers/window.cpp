// Reading of window attributes, shared by convolution, pooling and padding.
#include "layers/window.h"

#include <fovea/error.h>

namespace fovea {

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

void copy_window(const RunContext& ctx, const TensorDesc& in, const TensorDesc& out, std::int64_t y,
                 std::int64_t x) noexcept {
  const std::int64_t blocks = in.blocks();
  ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
    const std::int64_t image = task / blocks, block = task % blocks;
    ctx.kernels.pack.rows_f32_c16({.in = ctx.in[0].image(image) + block * in.pixels() * kBlock,
                                   .h = static_cast<int>(in.shape.h()),
                                   .w = static_cast<int>(in.shape.w()),
                                   .groups = 1,
                                   .y0 = static_cast<int>(y),
                                   .row_step = 1,
                                   .x0 = static_cast<int>(x),
                                   .rows = static_cast<int>(out.shape.h()),
                                   .cols = static_cast<int>(out.shape.w()),
                                   .phases = 1,
                                   .keep_phases = 1,
                                   .out = ctx.out.image(image) + block * out.pixels() * kBlock});
  });
}

void require_channels_last(const LayerConfig& config) {
  const std::string format = config.text("data_format", "channels_last");
  if (format != "channels_last") throw UnsupportedError(config.where("data_format '" + format + "' is not supported"));
}

}  // namespace fovea
