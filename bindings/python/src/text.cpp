// Text between Python and the library.
#include "bindings/python/src/text.h"

#include "text/text.h"

namespace fovea::python {

nb::str to_str(std::string_view text) {
  PyObject* made = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
  if (made == nullptr) throw nb::python_error();
  return nb::steal<nb::str>(made);
}

nb::list to_strs(const std::vector<std::string>& texts) {
  nb::list all;
  for (const std::string& text : texts) all.append(to_str(text));
  return all;
}

std::string to_path(const nb::bytes& path) { return {path.c_str(), path.size()}; }

int to_int(nb::handle value, const char* name, int least, int most) {
  if (PyIndex_Check(value.ptr()) == 0) {
    raise(PyExc_TypeError, std::string(name) + " must be a whole number, got " + nb::repr(value.type()).c_str());
  }
  const Py_ssize_t number = PyNumber_AsSsize_t(value.ptr(), nullptr);  // the nearest there is, where it is too large
  if (number == -1 && PyErr_Occurred() != nullptr) throw nb::python_error();
  if (number < least || number > most) {
    raise(PyExc_ValueError, std::string(name) + " must be " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<int>(number);
}

void raise(PyObject* type, std::string_view message) {
  PyErr_SetObject(type, to_str(tools::printable(message)).ptr());
  throw nb::python_error();
}

}  // namespace fovea::python
