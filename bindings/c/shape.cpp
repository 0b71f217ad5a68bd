#include "bindings/c/shape.h"

#include <algorithm>
#include <string>

#include "bindings/c/call.h"

namespace fovea::c {

static_assert(FOVEA_MOST_DIMENSIONS == kMostDimensions);

namespace {

// As many inputs as no model has: beyond it `count` is a mistake, and no memory is looked at.
constexpr std::size_t kMostShapes = 65536;
constexpr std::int64_t kMostDimension = std::int64_t{1} << 31;

}  // namespace

fovea_shape shape_to_c(const Shape& shape) {
  fovea_shape result{};
  if (shape == Shape()) {
    result.rank = -1;
    return result;
  }
  result.rank = std::min(shape.rank(), FOVEA_MOST_DIMENSIONS);
  std::copy_n(shape.dims().begin(), result.rank, result.dims);
  return result;
}

std::vector<Shape> shapes_from_c(const fovea_shape* shapes, std::size_t count) {
  need(shapes, "inputs");
  if (count > kMostShapes) refuse("count is " + std::to_string(count) + ", more inputs than a model has");
  std::vector<Shape> result;
  for (std::size_t i = 0; i < count; ++i) {
    const fovea_shape& shape = shapes[i];
    const std::string name = "shape " + std::to_string(i);
    if (shape.rank < 1 || shape.rank > FOVEA_MOST_DIMENSIONS) refuse(name + " has rank " + std::to_string(shape.rank));
    const std::vector<std::int64_t> dims(shape.dims, shape.dims + shape.rank);
    for (const std::int64_t dim : dims) {
      if (dim < 1 || dim > kMostDimension) refuse(name + " has a dimension of " + std::to_string(dim));
    }
    result.emplace_back(dims);
  }
  return result;
}

}  // namespace fovea::c
