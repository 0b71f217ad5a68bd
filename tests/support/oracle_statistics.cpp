// The oracle's layers that compute with statistics of their input: normalisations, softmax over any axes.
#include <algorithm>
#include <limits>

#include "tests/support/oracle_map.h"

namespace fovea::test {
namespace {

std::vector<std::int64_t> axes_of(const LayerConfig& config) {
  const Attribute* attribute = config.find("axis");
  if (attribute == nullptr) return {-1};
  if (const auto* one = std::get_if<std::int64_t>(&attribute->value())) return {*one};
  std::vector<std::int64_t> axes;
  for (const Attribute& item : std::get<AttributeList>(attribute->value())) {
    axes.push_back(std::get<std::int64_t>(item.value()));
  }
  return axes;
}

// The values that have all coordinates in common except those along `axes`.
std::vector<std::vector<std::size_t>> groups_along(const Shape& shape, const std::vector<std::int64_t>& axes) {
  std::vector<bool> along(shape.dims().size());
  for (const std::int64_t axis : axes) {
    along[static_cast<std::size_t>(axis > 0 ? axis - 1 : shape.rank() + axis)] = true;
  }
  std::vector<std::vector<std::size_t>> groups(static_cast<std::size_t>(shape.elements()));
  for (std::int64_t i = 0; i < shape.elements(); ++i) {
    std::int64_t group = 0, stride = 1, rest = i;
    for (int d = shape.rank() - 1; d >= 0; --d) {
      if (!along[static_cast<std::size_t>(d)]) {
        group += rest % shape[d] * stride;
        stride *= shape[d];
      }
      rest /= shape[d];
    }
    groups[static_cast<std::size_t>(group)].push_back(static_cast<std::size_t>(i));
  }
  std::erase_if(groups, [](const auto& group) { return group.empty(); });
  return groups;
}

// How a group of values is normalised, and the factor and summand of each channel.
struct Norm {
  bool centre = true, mean = true;
  double epsilon = 0, smallest = 0;
  const float *scale = nullptr, *shift = nullptr;
};

// What errors of the values, and roundings of the sums, make of each result.
void normalise(const Norm& norm, const std::vector<std::size_t>& group, std::int64_t channels, Map& map) {
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
    const std::size_t c = i % static_cast<std::size_t>(channels);
    const double factor = (norm.scale != nullptr ? norm.scale[c] : 1.0) / std::sqrt(spread);
    const double shift = norm.shift != nullptr ? norm.shift[c] : 0.0, x = map.values[i].value;
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

Map channel_norm(const LayerConfig& config, Map map) {
  const std::vector<std::int64_t> axes = axes_of(config);
  const bool all = axes.size() > 1;
  // Scale and shift repeat for every group.
  const std::int64_t channels = all ? map.shape.elements() : map.shape.c();
  const auto read = [&](const char* name) {
    return config.weight(name, all ? map.shape.dims() : std::vector{channels}).data.get();
  };
  Norm norm;
  if (config.class_name() == "UnitNormalization") {
    norm = {.centre = false, .mean = false, .smallest = 1e-24};
  } else if (config.class_name() == "RMSNormalization") {
    norm = {.centre = false, .epsilon = config.number("epsilon", 1e-6), .scale = read("scale")};
  } else {
    norm.epsilon = config.number("epsilon", 1e-3);
    if (config.boolean("scale", true)) norm.scale = read("gamma");
    if (config.boolean("center", true)) norm.shift = read("beta");
  }
  for (const auto& group : groups_along(map.shape, axes)) normalise(norm, group, channels, map);
  return map;
}

Map group_normalization(const LayerConfig& config, Map map) {
  const std::int64_t channels = map.shape.c(), groups = config.integer("groups", 32);
  const std::int64_t size = groups == -1 ? 1 : channels / groups;
  const auto read = [&](const char* name) { return config.weight(name, {channels}).data.get(); };
  Norm norm{.epsilon = config.number("epsilon", 1e-3)};
  if (config.boolean("scale", true)) norm.scale = read("gamma");
  if (config.boolean("center", true)) norm.shift = read("beta");
  std::vector<std::vector<std::size_t>> members(static_cast<std::size_t>(channels / size));
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    members[i % static_cast<std::size_t>(channels) / static_cast<std::size_t>(size)].push_back(i);
  }
  for (const auto& group : members) normalise(norm, group, channels, map);
  return map;
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
