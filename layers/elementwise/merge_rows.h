// Pairing of inputs that repeat along any dimensions.
#pragma once

#include "layers/layer.h"
#include "layers/strided_copy.h"

namespace fovea {

/// The largest of each dimension, counted from the last one, at as many as the longest shape has.
Shape broadcast_shape(std::span<const Shape> in);
/// True if every shape has, from its last dimension on, the size of `out` or 1.
bool fits_broadcast(std::span<const Shape> in, const Shape& out);
/// A map of shape `in`, which fits, read along dimensions of these sizes: it stands still where its values repeat.
View broadcast_view(const Shape& in, const std::vector<std::int64_t>& sizes);

/// As Pairing, and more.
enum class RowOperation { add, subtract, multiply, maximum, minimum, divide };
RowOperation row_operation(Pairing pairing);

/// Inputs paired from left to right into a result of shape `out`, to which they fit.
/// `average`: the result divided by the number of inputs.
std::unique_ptr<Layer> make_merge_rows(const std::string& name, const std::string& class_name, RowOperation operation,
                                       bool average, const Shape& out);

}  // namespace fovea
