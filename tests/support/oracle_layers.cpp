// The oracle's depthwise convolutions, merging layers and layers before a network's first.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "tests/support/oracle_map.h"

namespace fovea::test {
namespace {

// Numbers of an attribute, or of the weight of that name.
std::vector<double> numbers(const LayerConfig& config, const std::string& key, std::vector<double> fallback) {
  std::vector<double> all;
  const Attribute* attribute = config.find(key);
  if (attribute == nullptr) return fallback;
  const AttributeList* list = std::get_if<AttributeList>(&attribute->value());
  if (list == nullptr) return {config.number(key, 0)};
  if (const auto* inner = std::get_if<AttributeList>(&list->at(0).value())) list = inner;
  for (const Attribute& item : *list) {
    const auto* whole = std::get_if<std::int64_t>(&item.value());
    all.push_back(whole != nullptr ? static_cast<double>(*whole) : std::get<double>(item.value()));
  }
  return all;
}

Map depthwise(const LayerConfig& config, const Map& in, const float* bias) {
  const auto [kh, kw] = config.pair("kernel_size", 1);
  const auto [sy, sx] = config.pair("strides", 1);
  const auto [dy, dx] = config.pair("dilation_rate", 1);
  const bool same = config.text("padding", "valid") == "same";
  const std::int64_t channels = in.shape.c(), multiplier = config.integer("depth_multiplier", 1);
  const Axis ay = axis(in.shape.h(), kh, sy, dy, same), ax = axis(in.shape.w(), kw, sx, dx, same);
  const float* kernel = config.weight("depthwise_kernel", {kh, kw, channels, multiplier}).data.get();
  Map out{{ay.out, ax.out, channels * multiplier}, {}};
  for (std::int64_t oy = 0; oy < ay.out; ++oy) {
    for (std::int64_t ox = 0; ox < ax.out; ++ox) {
      for (std::int64_t f = 0; f < channels * multiplier; ++f) {
        Sum sum;
        for (std::int64_t ky = 0; ky < kh; ++ky) {
          for (std::int64_t kx = 0; kx < kw; ++kx) {
            const std::int64_t y = oy * sy + ky * dy - ay.before, x = ox * sx + kx * dx - ax.before;
            if (y < 0 || y >= in.shape.h() || x < 0 || x >= in.shape.w()) continue;
            sum.add(in.at(y, x, f / multiplier), kernel[(ky * kw + kx) * channels * multiplier + f]);
          }
        }
        if (bias != nullptr) sum.add({bias[f]});
        out.values.push_back(sum.result());
      }
    }
  }
  return out;
}

// One pair of values; `a` and `b` are independent.
Bounded paired(const std::string& kind, const Bounded& a, const Bounded& b) {
  if (kind == "Maximum") return {std::max(a.value, b.value), std::max(a.error, b.error), 0};
  if (kind == "Minimum") return {std::min(a.value, b.value), std::max(a.error, b.error), 0};
  if (kind == "Divide") {
    const double value = a.value / b.value;
    const double moved = (a.error + std::abs(value) * b.error) / (std::abs(b.value) - b.error);
    return {value, moved * (1 + kEps) + kEps * std::abs(value), 0};
  }
  if (kind == "Subtract" || kind == "Add" || kind == "Average") {
    const double value = kind == "Subtract" ? a.value - b.value : a.value + b.value;
    return {value, (a.error + b.error) * (1 + kEps) + kEps * std::abs(value), 0};
  }
  const double value = a.value * b.value;
  const double moved = std::abs(a.value) * b.error + std::abs(b.value) * a.error + a.error * b.error;
  return {value, moved * (1 + kEps) + kEps * std::abs(value), 0};
}

}  // namespace

Map scale_shift(const Map& in, const std::vector<double>& scale, const std::vector<double>& shift) {
  const auto places = in.shape.is_number() ? std::vector<std::size_t>{0} : places_along(in.shape, {-1});
  return scale_shift(in, places, scale, shift);
}

Map scale_shift(const Map& in, const std::vector<std::size_t>& places, const std::vector<double>& scale,
                const std::vector<double>& shift) {
  Map out{in.shape, {}};
  for (std::size_t i = 0; i < in.values.size(); ++i) {
    Sum sum;
    sum.add(in.values[i], scale[scale.size() == 1 ? 0 : places[i]]);
    sum.add({shift[shift.size() == 1 ? 0 : places[i]]});
    sum.terms += in.values[i].terms;  // folded into a convolution, the shift takes part in its sum
    out.values.push_back(sum.result());
  }
  return out;
}

Map depthwise_conv_2d(const LayerConfig& config, const Map& in) {
  const std::int64_t channels = in.shape.c() * config.integer("depth_multiplier", 1);
  return depthwise(config, in,
                   config.boolean("use_bias", true) ? config.weight("bias", {channels}).data.get() : nullptr);
}

Map separable_conv_2d(const LayerConfig& config, const Map& in) {
  const Map middle = depthwise(config, in, nullptr);
  const std::int64_t channels = middle.shape.c(), filters = config.integer("filters", 0);
  const float* kernel = config.weight("pointwise_kernel", {1, 1, channels, filters}).data.get();
  const float* bias = config.boolean("use_bias", true) ? config.weight("bias", {filters}).data.get() : nullptr;
  Map out{{middle.shape.h(), middle.shape.w(), filters}, {}};
  for (std::int64_t y = 0; y < middle.shape.h(); ++y) {
    for (std::int64_t x = 0; x < middle.shape.w(); ++x) {
      for (std::int64_t f = 0; f < filters; ++f) {
        Sum sum;
        for (std::int64_t c = 0; c < channels; ++c) sum.add(middle.at(y, x, c), kernel[c * filters + f]);
        if (bias != nullptr) sum.add({bias[f]});
        out.values.push_back(sum.result());
      }
    }
  }
  return out;
}

// Number of the value of a shape that stands at a place of a larger one.
static std::size_t broadcast_index(const Place& place, const Shape& small) {
  Place own(place.end() - small.rank(), place.end());
  for (std::size_t d = 0; d < own.size(); ++d) own[d] = small.dims()[d] == 1 ? 0 : own[d];
  return index_in(small, own);
}

Map merge(const std::string& kind, const std::vector<const Map*>& in) {
  int rank = 0;
  for (const Map* map : in) rank = std::max(rank, map->shape.rank());
  std::vector<std::int64_t> dims(static_cast<std::size_t>(rank), 1);
  for (const Map* map : in) {
    for (int d = 1; d <= map->shape.rank(); ++d) {
      std::int64_t& dim = dims[static_cast<std::size_t>(rank - d)];
      dim = std::max(dim, map->shape[map->shape.rank() - d]);
    }
  }
  Map out{Shape(dims), {}};
  for (std::int64_t i = 0; i < out.shape.elements(); ++i) {
    const Place place = place_in(out.shape, i);
    Bounded x = in[0]->values[broadcast_index(place, in[0]->shape)];
    for (std::size_t n = 1; n < in.size(); ++n) {
      x = paired(kind, x, in[n]->values[broadcast_index(place, in[n]->shape)]);
    }
    if (kind == "Average") {
      const double count = static_cast<double>(in.size());
      x = {x.value / count, x.error / count + 2 * kEps * std::abs(x.value / count), 0};
    }
    out.values.push_back(x);
  }
  return out;
}

// The vectors along an axis, counted with the batch, one after the other; with the length 1 if that is asked for.
static Map vectors_along(const Map& in, std::int64_t axis, bool normalize) {
  const int along = static_cast<int>(axis > 0 ? axis - 1 : in.shape.rank() + axis);
  std::int64_t step = 1;
  for (int d = along + 1; d < in.shape.rank(); ++d) step *= in.shape[d];
  const std::int64_t length = in.shape[along];
  Map rows{{in.shape.elements() / length, length}, {}};
  for (std::int64_t i = 0; i < rows.shape[0]; ++i) {
    for (std::int64_t k = 0; k < length; ++k) {
      rows.values.push_back(in.values[static_cast<std::size_t>(i / step * step * length + k * step + i % step)]);
    }
  }
  return normalize ? channel_norm(LayerConfig("UnitNormalization", "", {}, {}), std::move(rows)) : rows;
}

Map dot(const LayerConfig& config, const Map& a, const Map& b) {
  const auto* list = std::get_if<AttributeList>(&config.find("axes")->value());
  const bool normalize = config.boolean("normalize", false);
  std::vector<std::int64_t> dims;
  std::vector<Map> sides;
  for (const Map* map : {&a, &b}) {
    const std::int64_t axis =
        list != nullptr ? std::get<std::int64_t>(list->at(sides.size()).value()) : config.integer("axes", 0);
    for (int d = 0; d < map->shape.rank(); ++d) {
      if (d != (axis > 0 ? axis - 1 : map->shape.rank() + axis)) dims.push_back(map->shape[d]);
    }
    sides.push_back(vectors_along(*map, axis, normalize));
  }
  Map out{dims.empty() ? Shape{1} : Shape(dims), {}};
  const std::int64_t length = sides[0].shape[1];
  for (std::int64_t i = 0; i < sides[0].shape[0]; ++i) {
    for (std::int64_t j = 0; j < sides[1].shape[0]; ++j) {
      Sum sum;
      for (std::int64_t k = 0; k < length; ++k) {
        const Bounded& x = sides[0].values[static_cast<std::size_t>(i * length + k)];
        const Bounded& y = sides[1].values[static_cast<std::size_t>(j * length + k)];
        sum.add(x, y.value);
        sum.error += (std::abs(x.value) + x.error) * y.error;
      }
      out.values.push_back(sum.result());
    }
  }
  return out;
}

Map reshape(const LayerConfig& config, const Map& in) {
  std::vector<std::int64_t> dims;
  std::int64_t known = 1;
  for (const Attribute& item : std::get<AttributeList>(config.find("target_shape")->value())) {
    dims.push_back(std::get<std::int64_t>(item.value()));
    if (dims.back() > 0) known *= dims.back();
  }
  std::replace(dims.begin(), dims.end(), std::int64_t{-1}, in.shape.elements() / known);
  return {Shape(dims), in.values};
}

Map rescaling(const LayerConfig& config, const Map& in) {
  return scale_shift(in, numbers(config, "scale", {}), numbers(config, "offset", {0}));
}

Map normalization(const LayerConfig& config, const Map& in) {
  const auto statistics = [&](const char* name) {
    if (config.find(name) != nullptr) return numbers(config, name, {});
    // One dimension for each axis, none for one pair.
    const auto found = std::ranges::find(config.weights(), name, &Weight::name);
    const Weight& weight = config.weight(name, found->shape);
    return std::vector<double>(weight.data.get(), weight.data.get() + weight.elements());
  };
  const Attribute* axis = config.find("axis");
  const bool for_all = axis != nullptr && axis->is_null();
  const std::vector<std::int64_t> axes = for_all ? std::vector<std::int64_t>{} : axes_of(config);
  const std::vector<double> mean = statistics("mean"), variance = statistics("variance");
  std::vector<double> scale, shift;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    const double deviation = std::max(std::sqrt(variance[c]), 1e-7);
    const bool invert = config.boolean("invert", false);
    scale.push_back(invert ? deviation : 1 / deviation);
    shift.push_back(invert ? mean[c] : -mean[c] / deviation);
  }
  return scale_shift(in, places_along(in.shape, axes), scale, shift);
}

}  // namespace fovea::test
