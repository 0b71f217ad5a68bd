// What model-info tells, as Python's own types.
#include <string>

#include <fovea/model_info.h>
#include "bindings/python/src/arrays.h"
#include "bindings/python/src/loaded_model.h"
#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

template <class ShapeOf>
nb::list shapes(std::size_t count, const ShapeOf& shape) {
  nb::list all;
  for (std::size_t i = 0; i < count; ++i) all.append(to_tuple(shape(static_cast<int>(i))));
  return all;
}

}  // namespace

nb::list input_shapes(const Model& network) {
  return shapes(network.input_names().size(), [&](int i) { return network.input_shape(i); });
}

nb::list output_shapes(const Model& network) {
  return shapes(network.output_names().size(), [&](int i) { return network.output_shape(i); });
}

nb::object info_of(const LoadedModel& model) {
  const std::string json = model_info_json(model_info(model.network));
  return nb::module_::import_("json").attr("loads")(to_str(json));
}

}  // namespace fovea::python
