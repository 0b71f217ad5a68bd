// Operations by what they do. Each function makes the layer of an operation of its family, nullptr for any other.
#pragma once

#include <memory>
#include <string>

#include "layers/layer.h"
#include "layers/operation/operation_kind.h"

namespace fovea {

/// Sums, products, powers, bounds: those that layers can do.
std::unique_ptr<Layer> make_arithmetic_operation(const LayerConfig& config, OperationKind kind);
/// An operation of two operands of which one is a constant. Throws UnsupportedError for any other.
std::unique_ptr<Layer> make_constant_operation(const LayerConfig& config, OperationKind kind);
/// Activations and casts.
std::unique_ptr<Layer> make_function_operation(const LayerConfig& config, OperationKind kind);
/// One value of several: along axes, before each other or in windows.
std::unique_ptr<Layer> make_reduction_operation(const LayerConfig& config, OperationKind kind);
/// The same values under another shape, tensors put together, maps resized.
std::unique_ptr<Layer> make_shape_operation(const LayerConfig& config, OperationKind kind);
/// Values in another order, some of them, or some more than once, as sizes and strides can say it.
std::unique_ptr<Layer> make_view_operation(const LayerConfig& config, OperationKind kind);
/// Values at other places by rules that sizes and strides cannot say: padding, taking by indices.
std::unique_ptr<Layer> make_place_operation(const LayerConfig& config, OperationKind kind);
/// Of one value of each operand: comparisons, choices, logarithms, powers, rounding, logic. Of several operands one may
/// be a constant, or all are listed.
std::unique_ptr<Layer> make_value_operation(const LayerConfig& config, OperationKind kind);

/// The layer `class_name` under the operation's name.
std::unique_ptr<Layer> as_layer(const LayerConfig& config, const std::string& class_name, AttributeMap attributes);
std::unique_ptr<Layer> as_activation(const LayerConfig& config, const std::string& function);

/// Without an axis all values are meant, those of other images too: an UnsupportedError.
void require_axis(const LayerConfig& config);

}  // namespace fovea
