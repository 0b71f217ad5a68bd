// What the oracle's parts share: values in double, each with a bound on the error of any float computation of it.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fovea/arithmetic.h>
#include <fovea/layer_config.h>
#include <fovea/shape.h>

namespace fovea::test {

inline constexpr double kEps = 0x1p-24;

/// A value, how far a float computation may be from it, and the roundings of the sum it came from.
struct Bounded {
  double value = 0, error = 0, terms = 0;
};

struct Map {
  Shape shape;
  std::vector<Bounded> values;
  const Bounded& at(std::int64_t y, std::int64_t x, std::int64_t c) const {
    return values[static_cast<std::size_t>((y * shape.w() + x) * shape.c() + c)];
  }
};

/// A sum of products of operands with constants.
struct Sum {
  double value = 0, error = 0, size = 0, terms = 0;
  void add(const Bounded& x, double factor = 1) {
    value += x.value * factor;
    error += x.error * std::abs(factor);
    size += std::abs(x.value * factor);
    terms += 1;
  }
  Bounded result() const { return {value, error + (terms + 2) * kEps * size, terms}; }
};

/// Where a value stands: its number along each dimension.
using Place = std::vector<std::int64_t>;
Place place_in(const Shape& shape, std::int64_t i);
std::size_t index_in(const Shape& shape, const Place& place);

/// The dimension that an axis names; axes count the batch, or from the end.
inline std::size_t dimension(std::int64_t axis, int rank) {
  return static_cast<std::size_t>(axis > 0 ? axis - 1 : rank + axis);
}
/// The attribute `key`, a number or a list of them; {-1} without it.
std::vector<std::int64_t> axes_of(const LayerConfig& config, const std::string& key = "axis");
/// For each value of a map its place among those along `axes` alone, in the order of the map.
std::vector<std::size_t> places_along(const Shape& shape, const std::vector<std::int64_t>& axes);
/// The values that have all places in common except those along `axes`.
std::vector<std::vector<std::size_t>> groups_along(const Shape& shape, const std::vector<std::int64_t>& axes);

/// A map of this shape; `from` says where in the input the value of a place stands.
template <class From>
Map moved(const Map& in, const Shape& shape, From from) {
  Map out{shape, {}};
  for (std::int64_t i = 0; i < shape.elements(); ++i) {
    out.values.push_back(in.values[index_in(in.shape, from(place_in(shape, i)))]);
  }
  return out;
}

/// One axis of a window (keras/src/backend/torch/nn.py): windows, and padding before the first pixel.
struct Axis {
  std::int64_t out, before;
};
Axis axis(std::int64_t n, std::int64_t kernel, std::int64_t stride, std::int64_t dilation, bool same);

/// The function that a name stands for in a configuration; throws std::invalid_argument.
Map activate(const std::string& name, Map map);
/// factor * x^exponent, for the exponents that operations know; throws std::invalid_argument.
Map power(double exponent, double factor, Map map);
/// ReLU and LeakyReLU in all their settings, ELU.
Map relu(const LayerConfig& config, Map map);
Map leaky_relu(const LayerConfig& config, Map map);
Map elu(const LayerConfig& config, Map map);
Map thresholded_relu(const LayerConfig& config, Map map);
/// Over the axes of the attribute `axis`; with `log` the logarithms.
Map softmax(const LayerConfig& config, Map map, bool log);

Map prelu(const LayerConfig& config, Map map);

/// Without their activations.
Map conv_1d(const LayerConfig& config, const Map& in);
Map conv_1d_transpose(const LayerConfig& config, const Map& in);
Map depthwise_conv_1d(const LayerConfig& config, const Map& in);
Map separable_conv_1d(const LayerConfig& config, const Map& in);
Map conv_2d_transpose(const LayerConfig& config, const Map& in);
Map depthwise_conv_2d(const LayerConfig& config, const Map& in);
Map separable_conv_2d(const LayerConfig& config, const Map& in);
/// Add, Average, Subtract, Multiply, Divide, Maximum, Minimum, with broadcasting.
Map merge(const std::string& kind, const std::vector<const Map*>& in);
Map concatenate(std::int64_t axis, const std::vector<const Map*>& in);
Map dot(const LayerConfig& config, const Map& a, const Map& b);
Map reshape(const LayerConfig& config, const Map& in);
Map rescaling(const LayerConfig& config, const Map& in);
Map normalization(const LayerConfig& config, const Map& in);
/// x * scale + shift with one of each for all or for every channel.
Map scale_shift(const Map& in, const std::vector<double>& scale, const std::vector<double>& shift);
/// The same with those of the places along some axes (places_along).
Map scale_shift(const Map& in, const std::vector<std::size_t>& places, const std::vector<double>& scale,
                const std::vector<double>& shift);
Map clamp(Map map, double lo, double hi);

/// Over any one axis.
Map batch_norm(const LayerConfig& config, const Map& in);
/// LayerNormalization, RMSNormalization, UnitNormalization.
Map channel_norm(const LayerConfig& config, Map map);
Map group_normalization(const LayerConfig& config, Map map);
/// Vectors along `axes` with the length 1; the square of their length counts as `smallest` at least.
Map unit_norm(const std::vector<std::int64_t>& axes, double smallest, Map map);
/// "sum", "mean", "max" or "min".
Map reduce(const std::string& kind, const std::vector<std::int64_t>& axes, bool keep, const Map& in);

Map cropping(const LayerConfig& config, const Map& in);
Map center_crop(const LayerConfig& config, const Map& in);
Map permute(const LayerConfig& config, const Map& in);
Map repeat_vector(const LayerConfig& config, const Map& in);
Map resize(const Map& in, std::int64_t h, std::int64_t w, const std::string& kind);
/// The 2D layer that does to one row what this 1D layer does.
LayerConfig as_2d(const LayerConfig& config);
Map operation(const LayerConfig& config, const std::vector<const Map*>& in);
/// Operations on single values, statistics, running sums, padding and taking; nothing for others. Values of which a
/// statistic or a running sum is taken must be exact but for small errors.
std::optional<Map> value_operation(const std::string& name, const LayerConfig& config,
                                   const std::vector<const Map*>& in);

/// Any layer; throws std::invalid_argument for one that the oracle does not know.
Map compute(const LayerConfig& config, const std::vector<const Map*>& in, Arithmetic arithmetic);

}  // namespace fovea::test
