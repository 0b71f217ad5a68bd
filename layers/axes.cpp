// Reading and resolving of axes.
#include "layers/axes.h"

#include <algorithm>

#include <fovea/error.h>
#include <fovea/shape.h>

namespace fovea {

std::vector<std::int64_t> read_axes(const LayerConfig& config, const std::string& key, std::int64_t fallback) {
  if (!config.has(key)) return {fallback};
  const Attribute& attribute = *config.find(key);
  const AttributeList one{attribute};
  const auto* list = std::get_if<AttributeList>(&attribute.value());
  std::vector<std::int64_t> axes;
  for (const Attribute& item : list != nullptr ? *list : one) {
    const auto* axis = std::get_if<std::int64_t>(&item.value());
    if (axis == nullptr) throw Error(config.where("attribute '" + key + "' is not an axis or a list of axes"));
    axes.push_back(*axis);
  }
  if (axes.empty()) throw Error(config.where("attribute '" + key + "' is empty"));
  return axes;
}

std::vector<bool> marked_axes(const std::vector<std::int64_t>& axes, int rank, const std::string& name,
                              const std::string& class_name) {
  const auto fail = [&](const std::string& reason) { return "layer '" + name + "' (" + class_name + "): " + reason; };
  std::vector<bool> marked(static_cast<std::size_t>(rank), false);
  for (const std::int64_t axis : axes) {
    if (axis == 0 || axis == -rank - 1) throw UnsupportedError(fail("the batch as an axis is not supported"));
    if (axis > rank || axis < -rank) throw Error(fail("axis " + std::to_string(axis) + " does not exist"));
    const auto place = static_cast<std::size_t>(axis > 0 ? axis - 1 : rank + axis);
    if (marked[place]) throw Error(fail("axis " + std::to_string(axis) + " stands twice"));
    marked[place] = true;
  }
  return marked;
}

namespace {

// Largest map that has a table.
constexpr std::int64_t kMostPlaces = std::int64_t{1} << 25;

void check_size(const std::vector<std::int64_t>& dims) {
  if (Shape(dims).elements() > kMostPlaces)
    throw UnsupportedError("a map of " + Shape(dims).str() +
                           " is too large to be taken along other axes than the last");
}

}  // namespace

AxisSets sets_over(const std::vector<std::int64_t>& dims, const std::vector<bool>& marked) {
  check_size(dims);
  AxisSets sets{{0}, {0}};
  std::int32_t stride = 1;
  for (std::size_t axis = dims.size(); axis-- > 0;) {
    const std::int32_t dim = static_cast<std::int32_t>(dims[axis]);
    std::vector<std::int32_t>& offsets = marked[axis] ? sets.steps : sets.first;
    std::vector<std::int32_t> longer;
    longer.reserve(offsets.size() * static_cast<std::size_t>(dim));
    for (std::int32_t i = 0; i < dim; ++i) {
      for (const std::int32_t offset : offsets) longer.push_back(i * stride + offset);
    }
    offsets = std::move(longer);
    stride *= dim;
  }
  return sets;
}

std::vector<std::int32_t> places_among(const std::vector<std::int64_t>& dims, const std::vector<bool>& marked) {
  check_size(dims);
  std::vector<std::int32_t> places{0};
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    const std::int32_t dim = static_cast<std::int32_t>(dims[axis]);
    std::vector<std::int32_t> longer;
    longer.reserve(places.size() * static_cast<std::size_t>(dim));
    for (const std::int32_t place : places) {
      for (std::int32_t i = 0; i < dim; ++i) longer.push_back(marked[axis] ? place * dim + i : place);
    }
    places = std::move(longer);
  }
  return places;
}

std::size_t axis_place(std::int64_t axis, int rank, const std::string& name, const std::string& class_name) {
  const std::vector<bool> marked = marked_axes({axis}, rank, name, class_name);
  return static_cast<std::size_t>(std::find(marked.begin(), marked.end(), true) - marked.begin());
}

bool only_last_axis(const std::vector<std::int64_t>& axes, int rank, const std::string& name,
                    const std::string& class_name) {
  const std::vector<bool> marked = marked_axes(axes, rank, name, class_name);
  return marked.back() && std::count(marked.begin(), marked.end(), true) == 1;
}

}  // namespace fovea
