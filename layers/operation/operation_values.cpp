// A table of functions. Truth values are 1 and 0, and what is not 0 is true. Sources: keras/src/ops/numpy.py,
// keras/src/backend/tensorflow/numpy.py, tensorflow/core/kernels/cwise_ops.h.
#include "layers/operation/families.h"

#include <cmath>

#include <fovea/error.h>
#include "layers/elementwise/real_math.h"
#include "layers/elementwise/value_function.h"

namespace fovea {

namespace {

struct ValueOperation {
  OperationKind kind;
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
    {OperationKind::add, 2, [](double a, double b, double) { return a + b; }},
    {OperationKind::subtract, 2, [](double a, double b, double) { return a - b; }},
    {OperationKind::multiply, 2, [](double a, double b, double) { return a * b; }},
    {OperationKind::divide, 2, [](double a, double b, double) { return a / b; }},
    {OperationKind::divide_no_nan, 2, [](double a, double b, double) { return b == 0 ? 0 : a / b; }},
    {OperationKind::floor_divide, 2, [](double a, double b, double) { return whole_quotient(a, b); }},
    {OperationKind::mod, 2, [](double a, double b, double) { return remainder_of(a, b); }},
    {OperationKind::power, 2, [](double a, double b, double) { return power_of(a, b); }},
    {OperationKind::maximum, 2, [](double a, double b, double) { return larger(a, b); }},
    {OperationKind::minimum, 2, [](double a, double b, double) { return smaller(a, b); }},
    {OperationKind::squared_difference, 2, [](double a, double b, double) { return (a - b) * (a - b); }},
    {OperationKind::clip, 3, [](double x, double low, double high) { return larger(smaller(x, high), low); }},
    {OperationKind::where, 3, [](double condition, double a, double b) { return condition != 0 ? a : b; }},
    {OperationKind::equal, 2, [](double a, double b, double) { return truth(a == b); }},
    {OperationKind::not_equal, 2, [](double a, double b, double) { return truth(a != b); }},
    {OperationKind::greater, 2, [](double a, double b, double) { return truth(a > b); }},
    {OperationKind::greater_equal, 2, [](double a, double b, double) { return truth(a >= b); }},
    {OperationKind::less, 2, [](double a, double b, double) { return truth(a < b); }},
    {OperationKind::less_equal, 2, [](double a, double b, double) { return truth(a <= b); }},
    {OperationKind::logical_and, 2, [](double a, double b, double) { return truth(a != 0 && b != 0); }},
    {OperationKind::logical_or, 2, [](double a, double b, double) { return truth(a != 0 || b != 0); }},
    {OperationKind::logical_xor, 2, [](double a, double b, double) { return truth((a != 0) != (b != 0)); }},
    {OperationKind::logical_not, 1, [](double x, double, double) { return truth(x == 0); }},
    {OperationKind::is_true, 1, [](double x, double, double) { return truth(x != 0); }},
    {OperationKind::isnan, 1, [](double x, double, double) { return truth(std::isnan(x)); }},
    {OperationKind::isinf, 1, [](double x, double, double) { return truth(std::isinf(x)); }},
    {OperationKind::isfinite, 1, [](double x, double, double) { return truth(std::isfinite(x)); }},
    {OperationKind::sign, 1, [](double x, double, double) { return x > 0   ? 1
                                                                   : x < 0 ? -1
                                                                           : x; }},
    {OperationKind::floor, 1, [](double x, double, double) { return std::floor(x); }},
    {OperationKind::ceil, 1, [](double x, double, double) { return std::ceil(x); }},
    {OperationKind::trunc, 1, [](double x, double, double) { return std::trunc(x); }},
    {OperationKind::round, 1, [](double x, double, double) { return nearest(x); }},
    {OperationKind::log, 1, [](double x, double, double) { return log_of(x); }},
    {OperationKind::log1p, 1, [](double x, double, double) { return log_1_plus_of(x); }},
    {OperationKind::log2, 1, [](double x, double, double) { return log_2_of(x); }},
    {OperationKind::log10, 1, [](double x, double, double) { return log_of(x) / kLog10; }},
    {OperationKind::expm1, 1, [](double x, double, double) { return exp_less_1_of(x); }},
    {OperationKind::exp2, 1, [](double x, double, double) { return exp_of(x * kLogOf2); }},
    {OperationKind::zeros_like, 1, [](double, double, double) { return 0.0; }},
    {OperationKind::ones_like, 1, [](double, double, double) { return 1.0; }}};

bool is_tensor(const Attribute& operand) {
  const auto* text = std::get_if<std::string>(&operand.value());
  return text != nullptr && *text == operation_key::kTensor;
}

std::vector<std::optional<Constant>> read_operands(const LayerConfig& config, std::size_t count) {
  std::vector<std::optional<Constant>> operands(count);
  if (config.has(operation_key::kOperands)) {
    const auto* list = std::get_if<AttributeList>(&config.find(operation_key::kOperands)->value());
    if (list == nullptr || list->size() != count)
      throw Error(config.where("attribute 'operands' is not a list of " + std::to_string(count)));
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_tensor((*list)[i])) operands[i] = read_constant(config, operation_key::kOperands, (*list)[i]);
    }
  } else if (count > 1 && config.has(operation_key::kConstant)) {
    operands[config.boolean(operation_key::kConstantFirst, false) ? 0 : 1] =
        read_constant(config, operation_key::kConstant, *config.find(operation_key::kConstant));
  }
  return operands;
}

}  // namespace

std::unique_ptr<Layer> make_value_operation(const LayerConfig& config, OperationKind kind) {
  for (const auto& [known, count, function] : kValueOperations) {
    if (kind != known) continue;
    if (config.integer("decimals", 0) != 0)
      throw UnsupportedError(config.where("rounding to decimals is not supported"));
    return make_value_function(config.name(), config.class_name(), function, read_operands(config, count));
  }
  return nullptr;
}

}  // namespace fovea
