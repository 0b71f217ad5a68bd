// A table of functions. Truth values are 1 and 0, and what is not 0 is true. Sources: keras/src/ops/numpy.py,
// keras/src/backend/tensorflow/numpy.py, tensorflow/core/kernels/cwise_ops.h.
#include "layers/operation/operation_values.h"

#include <cmath>

#include <fovea/error.h>
#include "layers/elementwise/real_math.h"
#include "layers/elementwise/value_function.h"

namespace fovea {

namespace {

struct ValueOperation {
  const char* name;
  std::size_t operands;
  ValueFunction function;
};

double truth(bool x) { return x ? 1 : 0; }

// To the nearest, of two to the even one.
double nearest(double x) { return std::rint(x); }

// Rounded down in float, as TensorFlow divides.
double whole_quotient(double a, double b) { return std::floor(double{static_cast<float>(a / b)}); }

// With the sign of the divisor.
double remainder_of(double a, double b) {
  const double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

// NaN of either operand stays.
double larger(double a, double b) { return a >= b || std::isnan(a) ? a : b; }
double smaller(double a, double b) { return a <= b || std::isnan(a) ? a : b; }

constexpr double kLog10 = 2.302585092994045684, kLogOf2 = 0.693147180559945309;

constexpr ValueOperation kValueOperations[] = {
    {"add", 2, [](double a, double b, double) { return a + b; }},
    {"subtract", 2, [](double a, double b, double) { return a - b; }},
    {"multiply", 2, [](double a, double b, double) { return a * b; }},
    {"divide", 2, [](double a, double b, double) { return a / b; }},
    {"divide_no_nan", 2, [](double a, double b, double) { return b == 0 ? 0 : a / b; }},
    {"floor_divide", 2, [](double a, double b, double) { return whole_quotient(a, b); }},
    {"mod", 2, [](double a, double b, double) { return remainder_of(a, b); }},
    {"power", 2, [](double a, double b, double) { return power_of(a, b); }},
    {"maximum", 2, [](double a, double b, double) { return larger(a, b); }},
    {"minimum", 2, [](double a, double b, double) { return smaller(a, b); }},
    {"squared_difference", 2, [](double a, double b, double) { return (a - b) * (a - b); }},
    {"clip", 3, [](double x, double low, double high) { return larger(smaller(x, high), low); }},
    {"where", 3, [](double condition, double a, double b) { return condition != 0 ? a : b; }},
    {"equal", 2, [](double a, double b, double) { return truth(a == b); }},
    {"not_equal", 2, [](double a, double b, double) { return truth(a != b); }},
    {"greater", 2, [](double a, double b, double) { return truth(a > b); }},
    {"greater_equal", 2, [](double a, double b, double) { return truth(a >= b); }},
    {"less", 2, [](double a, double b, double) { return truth(a < b); }},
    {"less_equal", 2, [](double a, double b, double) { return truth(a <= b); }},
    {"logical_and", 2, [](double a, double b, double) { return truth(a != 0 && b != 0); }},
    {"logical_or", 2, [](double a, double b, double) { return truth(a != 0 || b != 0); }},
    {"logical_xor", 2, [](double a, double b, double) { return truth((a != 0) != (b != 0)); }},
    {"logical_not", 1, [](double x, double, double) { return truth(x == 0); }},
    {"is_true", 1, [](double x, double, double) { return truth(x != 0); }},
    {"isnan", 1, [](double x, double, double) { return truth(std::isnan(x)); }},
    {"isinf", 1, [](double x, double, double) { return truth(std::isinf(x)); }},
    {"isfinite", 1, [](double x, double, double) { return truth(std::isfinite(x)); }},
    {"sign", 1, [](double x, double, double) { return x > 0   ? 1
                                                      : x < 0 ? -1
                                                              : x; }},
    {"floor", 1, [](double x, double, double) { return std::floor(x); }},
    {"ceil", 1, [](double x, double, double) { return std::ceil(x); }},
    {"trunc", 1, [](double x, double, double) { return std::trunc(x); }},
    {"round", 1, [](double x, double, double) { return nearest(x); }},
    {"log", 1, [](double x, double, double) { return log_of(x); }},
    {"log1p", 1, [](double x, double, double) { return log_1_plus_of(x); }},
    {"log2", 1, [](double x, double, double) { return log_2_of(x); }},
    {"log10", 1, [](double x, double, double) { return log_of(x) / kLog10; }},
    {"expm1", 1, [](double x, double, double) { return exp_less_1_of(x); }},
    {"exp2", 1, [](double x, double, double) { return exp_of(x * kLogOf2); }},
    {"zeros_like", 1, [](double, double, double) { return 0.0; }},
    {"ones_like", 1, [](double, double, double) { return 1.0; }}};

bool is_tensor(const Attribute& operand) {
  const auto* text = std::get_if<std::string>(&operand.value());
  return text != nullptr && *text == "tensor";
}

std::vector<std::optional<Constant>> read_operands(const LayerConfig& config, std::size_t count) {
  std::vector<std::optional<Constant>> operands(count);
  if (config.has("operands")) {
    const auto* list = std::get_if<AttributeList>(&config.find("operands")->value());
    if (list == nullptr || list->size() != count)
      throw Error(config.where("attribute 'operands' is not a list of " + std::to_string(count)));
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_tensor((*list)[i])) operands[i] = read_constant(config, "operands", (*list)[i]);
    }
  } else if (count > 1 && config.has("constant")) {
    operands[config.boolean("constant_first", false) ? 0 : 1] =
        read_constant(config, "constant", *config.find("constant"));
  }
  return operands;
}

}  // namespace

std::unique_ptr<Layer> make_value_operation(const LayerConfig& config, const std::string& operation) {
  for (const auto& [name, count, function] : kValueOperations) {
    if (operation != name) continue;
    if (config.integer("decimals", 0) != 0)
      throw UnsupportedError(config.where("rounding to decimals is not supported"));
    return make_value_function(config.name(), config.class_name(), function, read_operands(config, count));
  }
  return nullptr;
}

}  // namespace fovea
