// The oracle's operations on single values, their statistics and running sums, each as its definition reads.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/oracle_map.h"

namespace fovea::test {
namespace {

using Function = std::function<double(double, double, double)>;

double truth(bool x) { return x ? 1 : 0; }
double float_of(double x) { return double{static_cast<float>(x)}; }

const std::map<std::string, Function> kFunctions = {
    {"add", [](double a, double b, double) { return a + b; }},
    {"subtract", [](double a, double b, double) { return a - b; }},
    {"multiply", [](double a, double b, double) { return a * b; }},
    {"divide", [](double a, double b, double) { return a / b; }},
    {"divide_no_nan", [](double a, double b, double) { return b != 0 ? a / b : 0; }},
    {"floor_divide", [](double a, double b, double) { return std::floor(float_of(a / b)); }},
    {"mod", [](double a, double b, double) { return a - b * std::floor(a / b); }},
    {"power", [](double a, double b, double) { return std::pow(a, b); }},
    {"maximum", [](double a, double b, double) { return std::fmax(a, b); }},
    {"minimum", [](double a, double b, double) { return std::fmin(a, b); }},
    {"squared_difference", [](double a, double b, double) { return std::pow(a - b, 2); }},
    {"clip", [](double x, double low, double high) { return std::fmax(low, std::fmin(high, x)); }},
    {"where", [](double condition, double a, double b) { return condition != 0 ? a : b; }},
    {"equal", [](double a, double b, double) { return truth(a == b); }},
    {"not_equal", [](double a, double b, double) { return truth(!(a == b)); }},
    {"greater", [](double a, double b, double) { return truth(a > b); }},
    {"greater_equal", [](double a, double b, double) { return truth(a >= b); }},
    {"less", [](double a, double b, double) { return truth(a < b); }},
    {"less_equal", [](double a, double b, double) { return truth(a <= b); }},
    {"logical_and", [](double a, double b, double) { return truth(a != 0 && b != 0); }},
    {"logical_or", [](double a, double b, double) { return truth(a != 0 || b != 0); }},
    {"logical_xor", [](double a, double b, double) { return truth((a != 0) != (b != 0)); }},
    {"logical_not", [](double x, double, double) { return truth(x == 0); }},
    {"sign", [](double x, double, double) { return truth(x > 0) - truth(x < 0); }},
    {"floor", [](double x, double, double) { return std::floor(x); }},
    {"ceil", [](double x, double, double) { return std::ceil(x); }},
    {"trunc", [](double x, double, double) { return std::trunc(x); }},
    {"round", [](double x, double, double) { return std::nearbyint(x); }},
    {"log", [](double x, double, double) { return std::log(x); }},
    {"log1p", [](double x, double, double) { return std::log1p(x); }},
    {"log2", [](double x, double, double) { return std::log2(x); }},
    {"log10", [](double x, double, double) { return std::log10(x); }},
    {"expm1", [](double x, double, double) { return std::expm1(x); }},
    {"exp2", [](double x, double, double) { return std::exp2(x); }},
    {"zeros_like", [](double, double, double) { return 0.0; }},
    {"ones_like", [](double, double, double) { return 1.0; }}};

// A constant of any shape without the batch.
void flatten(const Attribute& value, std::size_t depth, Map& map, std::vector<std::int64_t>& dims) {
  if (const auto* list = std::get_if<AttributeList>(&value.value())) {
    if (dims.size() == depth) dims.push_back(std::ssize(*list));
    for (const Attribute& item : *list) flatten(item, depth + 1, map, dims);
    return;
  }
  const auto* whole = std::get_if<std::int64_t>(&value.value());
  map.values.push_back(
      {float_of(whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value.value())), 0, 0});
}

Map constant_map(const Attribute& value, int rank) {
  Map map;
  std::vector<std::int64_t> dims;
  flatten(value, 0, map, dims);
  if (std::ssize(dims) > rank) dims.erase(dims.begin());
  map.shape = Shape(dims);
  return map;
}

// The index of a place of the result in an operand that may repeat.
std::size_t repeated(const Place& place, const Shape& shape) {
  Place own(place.end() - shape.rank(), place.end());
  for (int d = 0; d < shape.rank(); ++d) {
    if (shape[d] == 1) own[static_cast<std::size_t>(d)] = 0;
  }
  return index_in(shape, own);
}

Map each_value(const Function& f, const std::vector<Map>& operands) {
  std::vector<std::int64_t> dims;
  for (const Map& operand : operands) {
    const std::vector<std::int64_t>& own = operand.shape.dims();
    if (own.size() > dims.size()) dims.insert(dims.begin(), own.size() - dims.size(), 1);
    for (std::size_t d = 1; d <= own.size(); ++d) {
      std::int64_t& dim = dims[dims.size() - d];
      dim = std::max(dim, own[own.size() - d]);
    }
  }
  Map out{Shape(dims), {}};
  for (std::int64_t i = 0; i < out.shape.elements(); ++i) {
    const Place place = place_in(out.shape, i);
    double x[3] = {}, error[3] = {};
    for (std::size_t n = 0; n < operands.size(); ++n) {
      const Bounded& from = operands[n].values[repeated(place, operands[n].shape)];
      x[n] = from.value;
      error[n] = from.error;
    }
    const double value = f(x[0], x[1], x[2]);
    // The functions are monotonous between the ends of small intervals.
    double most = 0;
    for (int corner = 0; corner < 8; ++corner) {
      const double moved_value =
          f(x[0] + ((corner & 1) != 0 ? error[0] : -error[0]), x[1] + ((corner & 2) != 0 ? error[1] : -error[1]),
            x[2] + ((corner & 4) != 0 ? error[2] : -error[2]));
      most = std::max(most, std::abs(moved_value - value));
    }
    out.values.push_back({value, most + 2 * kEps * std::abs(value), 0});
  }
  return out;
}

// One number of the values of a group, which have no error.
std::optional<double> statistic(const std::string& kind, const std::vector<double>& x) {
  const double count = static_cast<double>(x.size()), mean = std::accumulate(x.begin(), x.end(), 0.0) / count;
  double squares = 0, exponentials = 0, product = 1;
  for (const double v : x) {
    squares += (v - mean) * (v - mean);
    exponentials += std::exp(v);
    product *= v;
  }
  if (kind == "prod") return product;
  if (kind == "var") return squares / count;
  if (kind == "std") return std::sqrt(squares / count);
  if (kind == "any") return truth(std::ranges::any_of(x, [](double v) { return v != 0; }));
  if (kind == "all") return truth(std::ranges::all_of(x, [](double v) { return v != 0; }));
  if (kind == "argmax") return static_cast<double>(std::ranges::max_element(x) - x.begin());
  if (kind == "argmin") return static_cast<double>(std::ranges::min_element(x) - x.begin());
  if (kind == "logsumexp") return std::log(exponentials);
  return std::nullopt;
}

std::optional<Map> statistics(const std::string& kind, const LayerConfig& config, const Map& in) {
  if (!statistic(kind, {1})) return std::nullopt;
  const bool keep = config.boolean("keepdims", false);
  std::vector<std::int64_t> dims = in.shape.dims();
  for (const std::int64_t axis : axes_of(config)) dims[dimension(axis, in.shape.rank())] = keep ? 1 : 0;
  std::erase(dims, 0);
  Map out{Shape(dims), {}};
  for (const auto& group : groups_along(in.shape, axes_of(config))) {
    std::vector<double> x;
    double error = 0, size = 0;
    for (const std::size_t i : group) {
      x.push_back(in.values[i].value);
      error += in.values[i].error;
      size = std::max(size, std::abs(x.back()));
    }
    const double value = *statistic(kind, x);
    out.values.push_back({value, 2 * error * std::max(size, 1.0) + 2 * kEps * std::abs(value), 0});
  }
  return out;
}

Map accumulated(bool product, const LayerConfig& config, Map map) {
  const bool exclusive = config.boolean("exclusive", false), reverse = config.boolean("reverse", false);
  for (auto group : groups_along(map.shape, axes_of(config))) {
    if (reverse) std::ranges::reverse(group);
    double total = product ? 1 : 0, size = total;
    for (const std::size_t i : group) {
      const double before = total, x = map.values[i].value;
      total = product ? total * x : total + x;
      size = product ? std::abs(total) : size + std::abs(x);
      map.values[i] = {exclusive ? before : total, 2 * kEps * size, 0};
    }
  }
  return map;
}

// The place that a padded one shows, by walking from the edge; -1 for the fill.
std::int64_t mirrored(std::int64_t at, std::int64_t size, const std::string& mode) {
  if (at >= 0 && at < size) return at;
  if (mode == "constant" || mode == "CONSTANT") return -1;
  const bool repeat_edge = mode == "symmetric" || mode == "SYMMETRIC";
  std::int64_t place = at < 0 ? 0 : size - 1;
  const std::int64_t steps = (at < 0 ? -at : at - size + 1) - (repeat_edge ? 1 : 0);
  for (std::int64_t i = 0; i < steps; ++i) place += at < 0 ? 1 : -1;
  return place;
}

Map pad(const LayerConfig& config, const Map& in) {
  const auto& sides = std::get<AttributeList>(config.find("pad_width")->value());
  const std::string mode = config.text("mode", "constant");
  const double fill = config.number("constant_values", 0);
  std::vector<std::int64_t> dims = in.shape.dims(), before;
  for (std::size_t d = 0; d < dims.size(); ++d) {
    const auto& ends = std::get<AttributeList>(sides[d + 1].value());
    before.push_back(std::get<std::int64_t>(ends[0].value()));
    dims[d] += before[d] + std::get<std::int64_t>(ends[1].value());
  }
  Map out{Shape(dims), {}};
  for (std::int64_t i = 0; i < out.shape.elements(); ++i) {
    Place place = place_in(out.shape, i);
    for (std::size_t d = 0; d < dims.size(); ++d) place[d] = mirrored(place[d] - before[d], in.shape.dims()[d], mode);
    const bool outside = std::ranges::count(place, -1) > 0;
    out.values.push_back(outside ? Bounded{fill, 0, 0} : in.values[index_in(in.shape, place)]);
  }
  return out;
}

Map take(const LayerConfig& config, const Map& in) {
  const std::size_t along = dimension(axes_of(config).front(), in.shape.rank());
  const std::vector<std::int64_t> indices = axes_of(config, "indices");
  std::vector<std::int64_t> dims = in.shape.dims();
  const std::int64_t size = std::exchange(dims[along], std::ssize(indices));
  return moved(in, Shape(dims), [&](Place place) {
    const std::int64_t index = indices[static_cast<std::size_t>(place[along])];
    place[along] = index < 0 ? index + size : index;
    return place;
  });
}

}  // namespace

std::optional<Map> value_operation(const std::string& name, const LayerConfig& config,
                                   const std::vector<const Map*>& in) {
  if (name == "pad") return pad(config, *in[0]);
  if (name == "take") return take(config, *in[0]);
  if (name == "cast") {
    const std::string type = config.text("dtype", "");
    if (type == "bool") return each_value([](double x, double, double) { return truth(x != 0); }, {*in[0]});
    const double range = type == "int32" ? 0x1p31 : 0x1p63;
    return each_value([=](double x, double, double) { return std::abs(x) < range ? std::trunc(x) : -range; }, {*in[0]});
  }
  if (name == "cumsum" || name == "cumprod") return accumulated(name == "cumprod", config, *in[0]);
  if (auto map = statistics(name, config, *in[0])) return map;
  const auto found = kFunctions.find(name);
  if (found == kFunctions.end()) return std::nullopt;
  std::vector<Map> operands;
  const int rank = in[0]->shape.rank();
  if (config.has("operands")) {
    std::size_t next = 0;
    for (const Attribute& operand : std::get<AttributeList>(config.find("operands")->value())) {
      const bool tensor = std::holds_alternative<std::string>(operand.value());
      operands.push_back(tensor ? *in[next++] : constant_map(operand, rank));
    }
  } else {
    for (const Map* map : in) operands.push_back(*map);
    if (config.has("constant")) {
      const Map constant = constant_map(*config.find("constant"), rank);
      operands.insert(config.boolean("constant_first", false) ? operands.begin() : operands.end(), constant);
    }
    for (const char* bound : {"x_min", "x_max"}) {
      if (config.has(bound)) operands.push_back(constant_map(*config.find(bound), rank));
    }
  }
  return each_value(found->second, operands);
}

}  // namespace fovea::test
