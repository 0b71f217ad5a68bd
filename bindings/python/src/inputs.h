// The inputs of a network as Keras users give them: one array, a list of them, or a dict by name.
#pragma once

#include <nanobind/nanobind.h>

#include <vector>

#include <fovea/model.h>
#include "bindings/python/src/arrays.h"

namespace fovea::python {

/// An array for each input of the network, all of as many images.
std::vector<InputArray> read_inputs(const Model& network, nb::handle inputs);

}  // namespace fovea::python
