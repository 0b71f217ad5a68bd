// The oracle's one-dimensional and transposed convolutions, and PReLU.
#include <algorithm>

#include "tests/support/oracle_map.h"

namespace fovea::test {
namespace {

const float* bias_of(const LayerConfig& config, std::int64_t filters) {
  return config.boolean("use_bias", true) ? config.weight("bias", {filters}).data.get() : nullptr;
}

// Every result as a sum, of shape {h, w, filters}.
Map finish(const Shape& shape, std::vector<Sum>& sums, const float* bias) {
  Map out{shape, {}};
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (bias != nullptr) sums[i].add({bias[i % static_cast<std::size_t>(shape.c())]});
    out.values.push_back(sums[i].result());
  }
  return out;
}

std::int64_t number(const LayerConfig& config, const char* key, std::int64_t fallback = 1) {
  return config.has(key) ? config.integer(key, fallback) : fallback;
}

// The windows of a 1D layer: how many, and the padding before the first.
Axis windows_1d(const LayerConfig& config, std::int64_t length) {
  const std::int64_t kernel_size = number(config, "kernel_size"), stride = number(config, "strides"),
                     dilation = number(config, "dilation_rate");
  const std::string padding = config.text("padding", "valid");
  if (padding == "causal") return {(length - 1) / stride + 1, (kernel_size - 1) * dilation};
  return axis(length, kernel_size, stride, dilation, padding == "same");
}

Map depthwise_1d(const LayerConfig& config, const Map& in, const float* bias) {
  const std::int64_t kernel_size = number(config, "kernel_size"), stride = number(config, "strides"),
                     dilation = number(config, "dilation_rate"), multiplier = number(config, "depth_multiplier");
  const std::int64_t length = in.shape[0], channels = in.shape[1];
  const Axis windows = windows_1d(config, length);
  const float* kernel = config.weight("depthwise_kernel", {kernel_size, channels, multiplier}).data.get();
  std::vector<Sum> sums(static_cast<std::size_t>(windows.out * channels * multiplier));
  for (std::int64_t o = 0; o < windows.out; ++o) {
    for (std::int64_t k = 0; k < kernel_size; ++k) {
      const std::int64_t x = o * stride + k * dilation - windows.before;
      if (x < 0 || x >= length) continue;
      for (std::int64_t f = 0; f < channels * multiplier; ++f) {
        sums[static_cast<std::size_t>(o * channels * multiplier + f)].add(
            in.values[static_cast<std::size_t>(x * channels + f / multiplier)], kernel[k * channels * multiplier + f]);
      }
    }
  }
  return finish({windows.out, channels * multiplier}, sums, bias);
}

}  // namespace

Map conv_1d(const LayerConfig& config, const Map& in) {
  const std::int64_t kernel_size = number(config, "kernel_size"), stride = number(config, "strides"),
                     dilation = number(config, "dilation_rate");
  const std::int64_t length = in.shape[0], channels = in.shape[1], filters = config.integer("filters", 0);
  const std::int64_t groups = config.integer("groups", 1), width = channels / groups;
  const Axis windows = windows_1d(config, length);
  const float* kernel = config.weight("kernel", {kernel_size, width, filters}).data.get();
  std::vector<Sum> sums(static_cast<std::size_t>(windows.out * filters));
  for (std::int64_t o = 0; o < windows.out; ++o) {
    for (std::int64_t k = 0; k < kernel_size; ++k) {
      const std::int64_t x = o * stride + k * dilation - windows.before;
      if (x < 0 || x >= length) continue;
      for (std::int64_t f = 0; f < filters; ++f) {
        for (std::int64_t c = 0; c < width; ++c) {
          const std::int64_t from = x * channels + f / (filters / groups) * width + c;
          sums[static_cast<std::size_t>(o * filters + f)].add(in.values[static_cast<std::size_t>(from)],
                                                              kernel[(k * width + c) * filters + f]);
        }
      }
    }
  }
  return finish({windows.out, filters}, sums, bias_of(config, filters));
}

Map depthwise_conv_1d(const LayerConfig& config, const Map& in) {
  return depthwise_1d(config, in, bias_of(config, in.shape.c() * number(config, "depth_multiplier")));
}

Map separable_conv_1d(const LayerConfig& config, const Map& in) {
  const Map middle = depthwise_1d(config, in, nullptr);
  const std::int64_t length = middle.shape[0], channels = middle.shape[1], filters = config.integer("filters", 0);
  const float* kernel = config.weight("pointwise_kernel", {1, channels, filters}).data.get();
  std::vector<Sum> sums(static_cast<std::size_t>(length * filters));
  for (std::int64_t i = 0; i < length * filters; ++i) {
    for (std::int64_t c = 0; c < channels; ++c) {
      sums[static_cast<std::size_t>(i)].add(middle.values[static_cast<std::size_t>(i / filters * channels + c)],
                                            kernel[c * filters + i % filters]);
    }
  }
  return finish({length, filters}, sums, bias_of(config, filters));
}

// Along one axis of a transposed convolution: the results, and those cut off before the first. p < 0: not stated.
static Axis transposed_axis(std::int64_t n, std::int64_t k, std::int64_t s, std::int64_t d, std::int64_t p, bool same) {
  const std::int64_t extent = (k - 1) * d + 1;
  if (!same) return {(n - 1) * s + extent + (p < 0 ? std::max<std::int64_t>(s - extent, 0) : p), 0};
  const std::int64_t out = p < 0 ? n * s : (n - 1) * s + extent % 2 + p;
  return {out, axis(out, k, s, d, true).before};
}

// By its definition, as in two dimensions below.
Map conv_1d_transpose(const LayerConfig& config, const Map& in) {
  const std::int64_t kernel_size = number(config, "kernel_size"), stride = number(config, "strides"),
                     dilation = number(config, "dilation_rate"), filters = config.integer("filters", 0);
  const std::int64_t length = in.shape[0], channels = in.shape[1];
  const Axis out = transposed_axis(length, kernel_size, stride, dilation, number(config, "output_padding", -1),
                                   config.text("padding", "valid") == "same");
  const float* kernel = config.weight("kernel", {kernel_size, filters, channels}).data.get();
  std::vector<Sum> sums(static_cast<std::size_t>(out.out * filters));
  for (std::int64_t k = 0; k < kernel_size; ++k) {
    for (std::int64_t i = 0; i < length; ++i) {
      const std::int64_t x = i * stride + k * dilation - out.before;
      if (x < 0 || x >= out.out) continue;
      for (std::int64_t f = 0; f < filters; ++f) {
        for (std::int64_t c = 0; c < channels; ++c) {
          sums[static_cast<std::size_t>(x * filters + f)].add(in.values[static_cast<std::size_t>(i * channels + c)],
                                                              kernel[(k * filters + f) * channels + c]);
        }
      }
    }
  }
  return finish({out.out, filters}, sums, bias_of(config, filters));
}

// By its definition: every input adds the whole kernel, times its value, to the result.
Map conv_2d_transpose(const LayerConfig& config, const Map& in) {
  const auto [kh, kw] = config.pair("kernel_size", 1);
  const auto [sy, sx] = config.pair("strides", 1);
  const auto [dy, dx] = config.pair("dilation_rate", 1);
  const auto [py, px] = config.pair("output_padding", -1);
  const bool same = config.text("padding", "valid") == "same";
  const std::int64_t filters = config.integer("filters", 0), channels = in.shape.c();
  const auto [h, top] = transposed_axis(in.shape.h(), kh, sy, dy, py, same);
  const auto [w, left] = transposed_axis(in.shape.w(), kw, sx, dx, px, same);
  const float* kernel = config.weight("kernel", {kh, kw, filters, channels}).data.get();
  std::vector<Sum> sums(static_cast<std::size_t>(h * w * filters));
  for (std::int64_t tap = 0; tap < kh * kw; ++tap) {
    for (std::int64_t pixel = 0; pixel < in.shape.h() * in.shape.w(); ++pixel) {
      const std::int64_t iy = pixel / in.shape.w(), ix = pixel % in.shape.w();
      const std::int64_t y = iy * sy + tap / kw * dy - top, x = ix * sx + tap % kw * dx - left;
      if (y < 0 || y >= h || x < 0 || x >= w) continue;
      for (std::int64_t f = 0; f < filters; ++f) {
        Sum& sum = sums[static_cast<std::size_t>((y * w + x) * filters + f)];
        for (std::int64_t c = 0; c < channels; ++c)
          sum.add(in.at(iy, ix, c), kernel[(tap * filters + f) * channels + c]);
      }
    }
  }
  return finish({h, w, filters}, sums, bias_of(config, filters));
}

Map prelu(const LayerConfig& config, Map map) {
  const Weight& alpha = config.weights()[0];
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    std::int64_t left = static_cast<std::int64_t>(i), at = 0, step = 1;
    for (int d = map.shape.rank(); d-- > 0; left /= map.shape[d]) {
      const std::int64_t dim = alpha.shape[static_cast<std::size_t>(d)];
      at += (dim == 1 ? 0 : left % map.shape[d]) * step;
      step *= dim;
    }
    Bounded& x = map.values[i];
    const double factor = alpha.data[at];
    // Near zero either side may be taken.
    const double error = x.error * std::max(1.0, std::abs(factor));
    if (x.value <= 0) x.value *= factor;
    x = {x.value, error + kEps * std::abs(x.value), 0};
  }
  return map;
}

}  // namespace fovea::test
