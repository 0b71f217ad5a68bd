// The oracle's layers that compute with statistics of their input: normalisations, softmax over any axes.
#include <algorithm>
#include <limits>

#include "tests/support/oracle_map.h"

namespace fovea::test {
namespace {

// How a group of values is normalised, and the factor and summand of each place.
struct Norm {
  bool centre = true, mean = true;
  double epsilon = 0, smallest = 0;
  const float *scale = nullptr, *shift = nullptr;
  std::vector<std::size_t> places = {};  // of each value its place among the factors
};

// What errors of the values, and roundings of the sums, make of each result.
void normalise(const Norm& norm, const std::vector<std::size_t>& group, Map& map) {
  const double count = static_cast<double>(group.size());
  double mean = 0, mean_error = 0, size = 0;
  for (const std::size_t i : group) {
    mean += map.values[i].value / count;
    mean_error += map.values[i].error / count;
    size += std::abs(map.values[i].value) / count;
  }
  if (!norm.centre) mean = mean_error = size = 0;
  mean_error += (count + 3) * kEps * size;
  double squares = 0, squares_error = 0;
  for (const std::size_t i : group) {
    const double x = map.values[i].value - mean;
    const double error = map.values[i].error + mean_error + kEps * std::abs(x);
    squares += x * x;
    squares_error += 2 * std::abs(x) * error + error * error;
  }
  squares_error += (count + 4) * kEps * squares;
  const double divisor = norm.mean ? count : 1;
  const double spread = std::max(squares / divisor + norm.epsilon, norm.smallest);
  const double relative = squares_error / divisor / spread + 6 * kEps;
  for (const std::size_t i : group) {
    const double factor = (norm.scale != nullptr ? norm.scale[norm.places[i]] : 1.0) / std::sqrt(spread);
    const double shift = norm.shift != nullptr ? norm.shift[norm.places[i]] : 0.0, x = map.values[i].value;
    const double error = map.values[i].error + mean_error + kEps * (std::abs(x) + std::abs(mean));
    const double value = (x - mean) * factor + shift;
    map.values[i] = {
        value,
        std::abs(factor) * error * (1 + relative) + std::abs((x - mean) * factor) * relative +
            4 * kEps * (std::abs(value) + std::abs(shift) + std::abs(x * factor) + std::abs(mean * factor)),
        0};
  }
}

}  // namespace

Map batch_norm(const LayerConfig& config, const Map& in) {
  const std::int64_t axis = axes_of(config).front(), channels = in.shape.dims()[dimension(axis, in.shape.rank())];
  const auto read = [&](const char* name, const char* flag) {
    return config.boolean(flag, true) ? config.weight(name, {channels}).data.get() : nullptr;
  };
  const float *gamma = read("gamma", "scale"), *beta = read("beta", "center");
  const float* mean = config.weight("moving_mean", {channels}).data.get();
  const float* variance = config.weight("moving_variance", {channels}).data.get();
  std::vector<double> scale, shift;
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
    scale.push_back((gamma != nullptr ? gamma[c] : 1.0) / std::sqrt(variance[c] + config.number("epsilon", 1e-3)));
    shift.push_back((beta != nullptr ? beta[c] : 0.0) - scale[c] * mean[c]);
  }
  return scale_shift(in, places_along(in.shape, {axis}), scale, shift);
}

Map channel_norm(const LayerConfig& config, Map map) {
  const std::vector<std::int64_t> axes = axes_of(config);
  if (config.class_name() == "UnitNormalization") return unit_norm(axes, 1e-24, std::move(map));
  // The weights' dimensions stand as the axes are named, their values in the order of the map.
  std::vector<std::int64_t> sizes;
  for (const std::int64_t axis : axes) sizes.push_back(map.shape.dims()[dimension(axis, map.shape.rank())]);
  const auto read = [&](const char* name) { return config.weight(name, sizes).data.get(); };
  Norm norm;
  if (config.class_name() == "RMSNormalization") {
    norm = {.centre = false, .epsilon = config.number("epsilon", 1e-6), .scale = read("scale")};
  } else {
    norm.epsilon = config.number("epsilon", 1e-3);
    if (config.boolean("scale", true)) norm.scale = read("gamma");
    if (config.boolean("center", true)) norm.shift = read("beta");
  }
  norm.places = places_along(map.shape, axes);
  for (const auto& group : groups_along(map.shape, axes)) normalise(norm, group, map);
  return map;
}

Map unit_norm(const std::vector<std::int64_t>& axes, double smallest, Map map) {
  const Norm norm{.centre = false, .mean = false, .smallest = smallest};
  for (const auto& group : groups_along(map.shape, axes)) normalise(norm, group, map);
  return map;
}

Map group_normalization(const LayerConfig& config, Map map) {
  const std::int64_t axis = axes_of(config).front(), groups = config.integer("groups", 32);
  const std::int64_t channels = map.shape.dims()[dimension(axis, map.shape.rank())];
  const std::size_t size = static_cast<std::size_t>(groups == -1 ? 1 : channels / groups);
  const auto read = [&](const char* name) { return config.weight(name, {channels}).data.get(); };
  Norm norm{.epsilon = config.number("epsilon", 1e-3), .places = places_along(map.shape, {axis})};
  if (config.boolean("scale", true)) norm.scale = read("gamma");
  if (config.boolean("center", true)) norm.shift = read("beta");
  std::vector<std::vector<std::size_t>> members(static_cast<std::size_t>(channels) / size);
  for (std::size_t i = 0; i < map.values.size(); ++i) members[norm.places[i] / size].push_back(i);
  for (const auto& group : members) normalise(norm, group, map);
  return map;
}

Map reduce(const std::string& kind, const std::vector<std::int64_t>& axes, bool keep, const Map& in) {
  std::vector<std::int64_t> dims = in.shape.dims();
  for (const std::int64_t axis : axes) dims[dimension(axis, in.shape.rank())] = keep ? 1 : 0;
  std::erase(dims, 0);
  Map out{Shape(dims), {}};
  for (const auto& group : groups_along(in.shape, axes)) {
    Sum sum;
    Bounded best = in.values[group.front()];
    for (const std::size_t i : group) {
      const Bounded& x = in.values[i];
      sum.add(x);
      best.value = kind == "max" ? std::max(best.value, x.value) : std::min(best.value, x.value);
      best.error = std::max(best.error, x.error);
    }
    const double count = kind == "mean" ? sum.terms : 1;
    sum.terms += kind == "mean" ? 1 : 0;  // the division
    const Bounded total = sum.result();
    out.values.push_back(kind == "max" || kind == "min"
                             ? Bounded{best.value, best.error, 0}
                             : Bounded{total.value / count, total.error / count, total.terms});
  }
  return out;
}

// Errors e of the inputs change each result by a factor of at most exp(2 max e); for the rest see
// reference/softmax.cpp.
Map softmax(const LayerConfig& config, Map map, bool log) {
  for (const auto& group : groups_along(map.shape, axes_of(config))) {
    double largest = -std::numeric_limits<double>::infinity(), worst = 0, sum = 0, rounding = 0;
    for (const std::size_t i : group) {
      largest = std::max(largest, map.values[i].value);
      worst = std::max(worst, map.values[i].error);
    }
    for (const std::size_t i : group) {
      const double below = largest - map.values[i].value;
      sum += std::exp(-below);
      rounding += std::exp(-below) * below;
    }
    for (const std::size_t i : group) {
      Bounded& x = map.values[i];
      const double below = largest - x.value, of_sum = rounding / sum + 4 + static_cast<double>(group.size()) + 1;
      if (log) {
        const double logarithm = std::log(sum);
        x = {-below - logarithm, 2 * worst + kEps * (of_sum + 2 * below + 6 * logarithm + 2), 0};
      } else {
        const double value = std::exp(-below) / sum, terms = below + 4 + of_sum;
        x = {value, value * std::expm1(2 * worst) + (terms + 2) * kEps * std::max(value, 0x1p-126), 0};
      }
    }
  }
  return map;
}

}  // namespace fovea::test
