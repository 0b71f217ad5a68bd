// Shapes on both sides of the C interface.
#pragma once

#include <cstddef>
#include <vector>

#include <fovea/fovea_c.h>
#include <fovea/shape.h>

namespace fovea::c {

/// Rank -1 for a shape that is not known.
fovea_shape shape_to_c(const Shape& shape);
/// Throws Refusal for NULL, a rank or a dimension that no shape has.
std::vector<Shape> shapes_from_c(const fovea_shape* shapes, std::size_t count);

}  // namespace fovea::c
