// The Python module fovea._core.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <fovea/card.h>
#include <fovea/error.h>
#include <fovea/version.h>
#include "bindings/python/src/loaded_model.h"
#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

/// Python's exceptions for the library's; both live as long as the process.
struct Exceptions {
  PyObject *error, *unsupported;
};

PyObject* new_exception(nb::module_& module, const char* name, const char* doc, PyObject* bases) {
  PyObject* type = PyErr_NewExceptionWithDoc((std::string("fovea.") + name).c_str(), doc, bases, nullptr);
  if (type == nullptr) throw nb::python_error();
  module.attr(name) = nb::handle(type);
  return type;
}

void set_error(PyObject* type, const char* message) {
  try {
    raise(type, message);
  } catch (nb::python_error& raised) {
    raised.restore();
  }
}

void translate(const std::exception_ptr& exception, void* payload) {
  const auto& exceptions = *static_cast<const Exceptions*>(payload);
  try {
    std::rethrow_exception(exception);
  } catch (const UnsupportedError& e) {
    set_error(exceptions.unsupported, e.what());
  } catch (const Error& e) {
    set_error(exceptions.error, e.what());
  }
}

void bind_errors(nb::module_& module) {
  static Exceptions exceptions;
  exceptions.error = new_exception(module, "Error",
                                   "What fovea refuses: a file, a configuration, an argument. One line that names the "
                                   "place and the reason.",
                                   PyExc_ValueError);
  const nb::tuple bases = nb::make_tuple(nb::handle(exceptions.error), nb::handle(PyExc_NotImplementedError));
  exceptions.unsupported = new_exception(module, "UnsupportedError",
                                         "A model uses what this version does not implement; all such layers are "
                                         "listed.",
                                         bases.ptr());
  nb::register_exception_translator(translate, &exceptions);
}

NB_MODULE(_core, module) {
  nb::set_leak_warnings(false);  // a library prints nothing
  module.attr("__version__") = version();
  bind_errors(module);
  bind_card(module);
  bind_model(module);
  bind_session(module);
  bind_grade(module);
  module.def("isas", &available_isas,
             "Instruction sets that are built in and usable on this machine, best first.\n\n"
             "Any of them is a value of `load(..., isa=...)`.");
  module.def("presets", &preset_names, "Names that `Card.preset` takes.");
  module.def("allowed_threads", &allowed_threads, "Threads that this process may use.");
}

}  // namespace

}  // namespace fovea::python
