// Plain loops over [H][W][C].
#include "tests/support/oracle.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>

#include <fovea/shape.h>
#include "kernels/args/common.h"
#include "tests/support/oracle_map.h"
#include "tests/support/winograd_bound.h"

namespace fovea::test {
namespace {

// Raises the bounds of a 3x3 convolution of stride 1 to what Winograd's algorithms may reach.
void allow_winograd(const PlainConv& conv, const std::vector<Sum>& sums, Map& out) {
  for (const int tile : {2, 4}) {
    const std::vector<double> sizes = winograd_sizes(tile, conv);
    const double terms = winograd_terms(tile, conv.channels);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      Bounded& x = out.values[i];
      x.error = std::max(x.error, sums[i].error + (terms + 2) * kEps * (sizes[i] + sums[i].size));
      x.terms = std::max(x.terms, terms);
    }
  }
}

Map conv_2d(const LayerConfig& config, const Map& in, Arithmetic arithmetic) {
  const auto [kh, kw] = config.pair("kernel_size", 1);
  const auto [sy, sx] = config.pair("strides", 1);
  const auto [dy, dx] = config.pair("dilation_rate", 1);
  const bool same = config.text("padding", "valid") == "same";
  const std::int64_t filters = config.integer("filters", 0), channels = in.shape.c();
  const Axis ay = axis(in.shape.h(), kh, sy, dy, same), ax = axis(in.shape.w(), kw, sx, dx, same);
  const std::int64_t groups = config.integer("groups", 1), width = channels / groups;  // of a group
  const float* kernel = config.weight("kernel", {kh, kw, width, filters}).data.get();
  const float* bias = config.boolean("use_bias", true) ? config.weight("bias", {filters}).data.get() : nullptr;
  Map out{{ay.out, ax.out, filters}, {}};
  std::vector<Sum> sums;
  for (std::int64_t oy = 0; oy < ay.out; ++oy) {
    for (std::int64_t ox = 0; ox < ax.out; ++ox) {
      for (std::int64_t f = 0; f < filters; ++f) {
        Sum sum;
        for (std::int64_t ky = 0; ky < kh; ++ky) {
          for (std::int64_t kx = 0; kx < kw; ++kx) {
            const std::int64_t y = oy * sy + ky * dy - ay.before, x = ox * sx + kx * dx - ax.before;
            if (y < 0 || y >= in.shape.h() || x < 0 || x >= in.shape.w()) continue;
            for (std::int64_t c = 0; c < width; ++c) {
              sum.add(in.at(y, x, f / (filters / groups) * width + c),
                      kernel[((ky * kw + kx) * width + c) * filters + f]);
            }
          }
        }
        if (bias != nullptr) sum.add({bias[f]});
        out.values.push_back(sum.result());
        sums.push_back(sum);
      }
    }
  }
  if (arithmetic == Arithmetic::fast && kh == 3 && kw == 3 && sy == 1 && sx == 1 && dy == 1 && dx == 1 &&
      channels >= kBlock && groups == 1) {
    std::vector<double> values;
    for (const Bounded& x : in.values) values.push_back(x.value);
    const std::size_t kernel_size = static_cast<std::size_t>(9 * channels * filters);
    allow_winograd({in.shape.h(),
                    in.shape.w(),
                    channels,
                    ay.before,
                    ax.before,
                    ay.out,
                    ax.out,
                    filters,
                    values,
                    {kernel, kernel_size}},
                   sums, out);
  }
  return out;
}

// Maximum or average of windows; padding takes no part.
Map pool(const LayerConfig& config, const Map& in, bool max) {
  const auto [kh, kw] = config.pair("pool_size", 2);
  const auto [sy, sx] = config.has("strides") ? config.pair("strides", 1) : config.pair("pool_size", 2);
  const bool same = config.text("padding", "valid") == "same";
  const Axis ay = axis(in.shape.h(), kh, sy, 1, same), ax = axis(in.shape.w(), kw, sx, 1, same);
  Map out{{ay.out, ax.out, in.shape.c()}, {}};
  for (std::int64_t oy = 0; oy < ay.out; ++oy) {
    for (std::int64_t ox = 0; ox < ax.out; ++ox) {
      for (std::int64_t c = 0; c < in.shape.c(); ++c) {
        Sum sum;
        Bounded best{-std::numeric_limits<double>::infinity()};
        for (std::int64_t y = oy * sy - ay.before; y < oy * sy - ay.before + kh; ++y) {
          for (std::int64_t x = ox * sx - ax.before; x < ox * sx - ax.before + kw; ++x) {
            if (y < 0 || y >= in.shape.h() || x < 0 || x >= in.shape.w()) continue;
            const Bounded& cell = in.at(y, x, c);
            best = {std::max(best.value, cell.value), std::max(best.error, cell.error), 0};
            sum.add(cell);
          }
        }
        const double count = sum.terms;
        sum.terms += 1;  // the division
        const Bounded total = sum.result();
        out.values.push_back(max ? best : Bounded{total.value / count, total.error / count, total.terms});
      }
    }
  }
  return out;
}

// Global pooling is pooling with a window of the whole map.
Map global_pool(const LayerConfig& config, const Map& in, bool max) {
  const Attribute whole =
      Attribute::Value(AttributeList{Attribute::Value(in.shape.h()), Attribute::Value(in.shape.w())});
  Map out = pool(LayerConfig("", "", {{"pool_size", whole}}, {}), in, max);
  if (!config.boolean("keepdims", false)) out.shape = {in.shape.c()};
  return out;
}

Map zero_padding(const LayerConfig& config, const Map& in) {
  std::int64_t sides[2][2] = {};  // top, bottom; left, right
  const auto* axes = std::get_if<AttributeList>(&config.find("padding")->value());
  for (std::size_t i = 0; i < 2; ++i) {
    const auto* ends = axes != nullptr ? std::get_if<AttributeList>(&axes->at(i).value()) : nullptr;
    const auto [y, x] = ends != nullptr ? std::pair<std::int64_t, std::int64_t>{} : config.pair("padding", 1);
    for (std::size_t end = 0; end < 2; ++end) {
      sides[i][end] = ends != nullptr ? std::get<std::int64_t>(ends->at(end).value()) : i == 0 ? y : x;
    }
  }
  Map out{{in.shape.h() + sides[0][0] + sides[0][1], in.shape.w() + sides[1][0] + sides[1][1], in.shape.c()}, {}};
  for (std::int64_t y = -sides[0][0]; y < in.shape.h() + sides[0][1]; ++y) {
    for (std::int64_t x = -sides[1][0]; x < in.shape.w() + sides[1][1]; ++x) {
      const bool inside = y >= 0 && y < in.shape.h() && x >= 0 && x < in.shape.w();
      for (std::int64_t c = 0; c < in.shape.c(); ++c) out.values.push_back(inside ? in.at(y, x, c) : Bounded{});
    }
  }
  return out;
}

Map sum_of(const std::vector<const Map*>& in) {
  Map out{in[0]->shape, {}};
  for (std::size_t i = 0; i < in[0]->values.size(); ++i) {
    Sum sum;
    double terms = 0;
    for (const Map* map : in) {
      sum.add(map->values[i]);
      terms = std::max(terms, map->values[i].terms);
    }
    sum.terms += terms;  // fused into a convolution, the other operand takes part in its sum
    out.values.push_back(sum.result());
  }
  return out;
}

// Each pixel of a map is a vector.
Map dense(const LayerConfig& config, const Map& in) {
  const std::int64_t units = config.integer("units", 0), k = in.shape.c();
  const float* kernel = config.weight("kernel", {k, units}).data.get();
  const float* bias = config.boolean("use_bias", true) ? config.weight("bias", {units}).data.get() : nullptr;
  std::vector<std::int64_t> dims = in.shape.dims();
  dims.back() = units;
  Map out{Shape(dims), {}};
  for (std::int64_t first = 0; first < in.shape.elements(); first += k) {
    for (std::int64_t n = 0; n < units; ++n) {
      Sum sum;
      for (std::int64_t i = 0; i < k; ++i) {
        sum.add(in.values[static_cast<std::size_t>(first + i)], kernel[i * units + n]);
      }
      if (bias != nullptr) sum.add({bias[n]});
      out.values.push_back(sum.result());
    }
  }
  return out;
}

// A row as a map of one row, and back.
Map on_row(const LayerConfig& config, const Map& in, Arithmetic arithmetic) {
  const Map map{{1, in.shape[0], in.shape[1]}, in.values};
  Map out = compute(as_2d(config), {&map}, arithmetic);
  if (out.shape.rank() == 3) out.shape = {out.shape[1], out.shape[2]};
  return out;
}

Map custom_scale(const LayerConfig& config, const Map& a, const Map& b) {
  Map out{a.shape, {}};
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    Sum sum;
    sum.add(a.values[i]);
    sum.add(b.values[i], config.number("scale", 1));
    out.values.push_back(sum.result());
  }
  return out;
}

Map layer_scale(const LayerConfig& config, const Map& in) {
  const float* gamma = config.weight("gamma", {in.shape.c()}).data.get();
  return scale_shift(in, std::vector<double>(gamma, gamma + in.shape.c()), {0});
}

std::map<std::string, Map> inputs_of(const ModelDesc& desc, std::span<const float> image) {
  std::map<std::string, Map> inputs;
  for (const std::string& name : desc.inputs) {
    const auto node = std::ranges::find_if(desc.nodes, [&](const NodeDesc& n) { return n.config.name() == name; });
    std::vector<std::int64_t> dims;
    for (const Attribute& dim : std::get<AttributeList>(node->config.find("shape")->value())) {
      dims.push_back(std::get<std::int64_t>(dim.value()));
    }
    Map& map = inputs[name] = {Shape(dims), {}};
    const std::size_t elements = static_cast<std::size_t>(map.shape.elements());
    for (const float x : image.first(elements)) map.values.push_back({x});
    image = image.subspan(elements);
  }
  return inputs;
}

bool alike(const std::vector<const Map*>& in) {
  return std::all_of(in.begin(), in.end(), [&](const Map* map) { return map->shape == in[0]->shape; });
}

// By what the configuration names: a function, or a layer without weights.
Map activated(const LayerConfig& config, Map map) {
  const Attribute* activation = config.find("activation");
  const auto* object = activation == nullptr ? nullptr : std::get_if<AttributeMap>(&activation->value());
  if (object == nullptr) return activate(config.text("activation", "linear"), std::move(map));
  const std::string& kind = std::get<std::string>(object->at("class_name").value());
  const AttributeMap& own = std::get<AttributeMap>(object->at("config").value());
  return compute(LayerConfig(kind, "", own, {}), {&map}, Arithmetic::direct);
}

}  // namespace

Map compute(const LayerConfig& config, const std::vector<const Map*>& in, Arithmetic arithmetic) {
  const std::string& kind = config.class_name();
  if (kind == "Activation") return activated(config, *in[0]);
  if (kind == "Conv1D") return activated(config, conv_1d(config, *in[0]));
  if (kind == "Conv1DTranspose") return activated(config, conv_1d_transpose(config, *in[0]));
  if (kind == "DepthwiseConv1D") return activated(config, depthwise_conv_1d(config, *in[0]));
  if (kind == "SeparableConv1D") return activated(config, separable_conv_1d(config, *in[0]));
  if (kind.ends_with("1D") && kind != "SpatialDropout1D") return on_row(config, *in[0], arithmetic);
  if (kind == "Add" && alike(in)) return sum_of(in);
  if (kind == "Add" || kind == "Average") return merge(kind, in);
  if (kind == "CenterCrop") return center_crop(config, *in[0]);
  if (kind == "Cropping2D") return cropping(config, *in[0]);
  if (kind == "CustomScaleLayer") return custom_scale(config, *in[0], *in[1]);
  if (kind == "GroupNormalization") return group_normalization(config, *in[0]);
  if (kind == "LayerNormalization" || kind == "RMSNormalization" || kind == "UnitNormalization")
    return channel_norm(config, *in[0]);
  if (kind == "LayerScale") return layer_scale(config, *in[0]);
  if (kind == "Operation") return operation(config, in);
  if (kind == "Permute") return permute(config, *in[0]);
  if (kind == "RepeatVector") return repeat_vector(config, *in[0]);
  if (kind == "Resizing") {
    return resize(*in[0], config.integer("height", 0), config.integer("width", 0),
                  config.text("interpolation", "bilinear"));
  }
  if (kind == "UpSampling2D") {
    const auto [h, w] = config.pair("size", 2);
    return resize(*in[0], in[0]->shape.h() * h, in[0]->shape.w() * w, config.text("interpolation", "nearest"));
  }
  if (kind == "AveragePooling2D") return pool(config, *in[0], false);
  if (kind.find("BatchNormalization") != std::string::npos) return batch_norm(config, *in[0]);
  if (kind == "Concatenate") return concatenate(config.integer("axis", -1), in);
  if (kind == "Conv2DTranspose") return activated(config, conv_2d_transpose(config, *in[0]));
  if (kind == "Conv2D") return activated(config, conv_2d(config, *in[0], arithmetic));
  if (kind == "Dense") return activated(config, dense(config, *in[0]));
  if (kind == "DepthwiseConv2D") return activated(config, depthwise_conv_2d(config, *in[0]));
  if (kind == "Dot") return dot(config, *in[0], *in[1]);
  if (kind == "Dropout" || kind == "Identity" || kind.starts_with("Random") || kind.starts_with("SpatialDropout") ||
      kind.starts_with("Gaussian") || kind == "AugMix" || kind == "CutMix" || kind == "MixUp" ||
      kind == "RandAugment" || kind == "StochasticDepth" || kind == "AlphaDropout" || kind == "ActivityRegularization")
    return *in[0];
  if (kind == "ELU") return elu(config, *in[0]);
  if (kind == "Flatten") return {{in[0]->shape.elements()}, in[0]->values};
  if (kind == "GlobalAveragePooling2D") return global_pool(config, *in[0], false);
  if (kind == "GlobalMaxPooling2D") return global_pool(config, *in[0], true);
  if (kind == "LeakyReLU") return leaky_relu(config, *in[0]);
  if (kind == "MaxPooling2D") return pool(config, *in[0], true);
  if (kind == "Maximum" || kind == "Minimum" || kind == "Multiply" || kind == "Subtract") return merge(kind, in);
  if (kind == "Normalization") return normalization(config, *in[0]);
  if (kind == "PReLU") return prelu(config, *in[0]);
  if (kind == "ReLU") return relu(config, *in[0]);
  if (kind == "Rescaling") return rescaling(config, *in[0]);
  if (kind == "Reshape") return reshape(config, *in[0]);
  if (kind == "SeparableConv2D") return activated(config, separable_conv_2d(config, *in[0]));
  if (kind == "Softmax") return softmax(config, *in[0], false);
  if (kind == "ThresholdedReLU") return thresholded_relu(config, *in[0]);
  if (kind == "ZeroPadding2D") return zero_padding(config, *in[0]);
  throw std::invalid_argument("the oracle knows no layer " + kind);
}

Axis axis(std::int64_t n, std::int64_t kernel, std::int64_t stride, std::int64_t dilation, bool same) {
  const std::int64_t extent = (kernel - 1) * dilation + 1;
  if (!same) return {(n - extent) / stride + 1, 0};
  const std::int64_t out = (n + stride - 1) / stride;
  return {out, std::max<std::int64_t>(0, (out - 1) * stride + extent - n) / 2};
}

std::vector<reference::Ref> oracle(const ModelDesc& desc, std::span<const float> image, Arithmetic arithmetic) {
  std::map<std::string, Map> done = inputs_of(desc, image);
  while (done.size() < desc.nodes.size()) {
    for (const NodeDesc& node : desc.nodes) {
      const std::string& name = node.config.name();
      std::vector<const Map*> in;
      for (const std::string& input : node.inputs) {
        if (done.count(input) != 0) in.push_back(&done[input]);
      }
      if (done.count(name) == 0 && in.size() == node.inputs.size()) done[name] = compute(node.config, in, arithmetic);
    }
  }
  std::vector<reference::Ref> refs;
  // One term less than none: the tolerance of a Ref, (terms + 2) roundings of abs_sum, is then the bound itself.
  for (const std::string& output : desc.outputs) {
    for (const Bounded& x : done.at(output).values) refs.push_back({x.value, x.error / kEps, -1});
  }
  return refs;
}

}  // namespace fovea::test
