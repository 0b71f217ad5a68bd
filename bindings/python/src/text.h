// Text between Python and the library: names in files, and paths, need not be UTF-8.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <string_view>
#include <vector>

namespace fovea::python {

namespace nb = nanobind;

/// A str; bytes that are no UTF-8 become U+FFFD, as in model-info's JSON.
nb::str to_str(std::string_view text);

/// The same of several.
nb::list to_strs(const std::vector<std::string>& texts);

/// The bytes of a path as os.fsencode gives them.
std::string to_path(const nb::bytes& path);

/// The whole number that `name` was given. Raises TypeError for what is none, ValueError below `least` or above `most`.
int to_int(nb::handle value, const char* name, int least, int most);

/// Raises a Python exception of this type with the message as one harmless line.
[[noreturn]] void raise(PyObject* type, std::string_view message);

}  // namespace fovea::python
