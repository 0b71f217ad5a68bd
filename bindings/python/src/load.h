// Loading models for Python.
#pragma once

#include <nanobind/nanobind.h>

namespace fovea::python {

void bind_load(nanobind::module_& module);

}  // namespace fovea::python
