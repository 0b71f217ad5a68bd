// NumPy arrays, and whatever lends its memory, in and out.
#include "bindings/python/src/arrays.h"

#include <array>
#include <cstring>
#include <string_view>
#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

/// What every call needs of numpy, looked up once and kept until the process ends.
struct Kept {
  nb::object empty = numpy("empty"), float32 = numpy("float32");
};

const Kept& kept() {
  static const Kept* const kept = new Kept;
  return *kept;
}

bool is_float32(const Py_buffer& view) {
  const std::string_view format = view.format == nullptr ? "B" : view.format;
  return view.itemsize == sizeof(float) && (format == "f" || format == "<f" || format == "=f" || format == "@f");
}

bool has_shape(const Py_buffer& view, const Shape& shape) {
  if (view.ndim != shape.rank() + 1) return false;
  for (int i = 0; i < shape.rank(); ++i) {
    if (view.shape[i + 1] != shape[i]) return false;
  }
  return true;
}

/// "(N, 224, 224, 3)"
std::string expected(const Shape& shape) {
  std::string text = "(N";
  for (const std::int64_t dim : shape.dims()) text += ", " + std::to_string(dim);
  return text + (shape.rank() == 0 ? ",)" : ")");
}

std::string repr_of(nb::handle object) { return nb::repr(object).c_str(); }

void check(nb::handle array, const Shape& shape, const std::string& name) {
  const std::string kind = nb::cast<std::string>(array.attr("dtype").attr("kind"));
  if (kind.find_first_of("fiub") == std::string::npos) {
    raise(PyExc_TypeError,
          name + ": real numbers are expected, got an array of dtype " + repr_of(nb::str(array.attr("dtype"))));
  }
  const nb::tuple dims = nb::cast<nb::tuple>(array.attr("shape"));
  bool fits = static_cast<int>(dims.size()) == shape.rank() + 1;
  for (int i = 0; fits && i < shape.rank(); ++i) {
    fits = nb::cast<std::int64_t>(dims[static_cast<std::size_t>(i) + 1]) == shape[i];
  }
  if (fits) return;
  const bool without_batch = static_cast<int>(dims.size()) == shape.rank() && dims.equal(to_tuple(shape));
  raise(PyExc_ValueError, name + ": an array of shape " + expected(shape) + " is expected, got " + repr_of(dims) +
                              (without_batch ? ": x[None] makes a batch of one" : ""));
}

void point_to(InputArray& input) {
  input.data = static_cast<const float*>(input.buffer.view().buf);
  input.count = input.buffer.view().shape[0];
}

}  // namespace

bool Buffer::open(nb::handle object, int flags) noexcept {
  if (PyObject_CheckBuffer(object.ptr()) == 0) return false;
  if (PyObject_GetBuffer(object.ptr(), &view_, flags) == 0) return true;
  PyErr_Clear();
  view_ = Py_buffer{};
  return false;
}

nb::object numpy(const char* name) { return nb::module_::import_("numpy").attr(name); }

nb::object to_numpy(nb::handle object) {
  const bool by_dlpack = PyObject_CheckBuffer(object.ptr()) == 0 && nb::hasattr(object, "__dlpack__");
  return by_dlpack ? numpy("from_dlpack")(object) : numpy("asarray")(object);
}

nb::tuple with_count(std::int64_t count, const Shape& shape) {
  PyObject* tuple = PyTuple_New(shape.rank() + 1);
  if (tuple == nullptr) throw nb::python_error();
  nb::tuple made = nb::steal<nb::tuple>(tuple);
  for (int i = 0; i <= shape.rank(); ++i) {
    PyObject* dim = PyLong_FromLongLong(i == 0 ? count : shape[i - 1]);
    if (dim == nullptr || PyTuple_SetItem(tuple, i, dim) != 0) throw nb::python_error();
  }
  return made;
}

nb::tuple to_tuple(const Shape& shape) {
  nb::list dims;
  for (const std::int64_t dim : shape.dims()) dims.append(dim);
  return nb::tuple(dims);
}

InputArray read_input(nb::handle object, const Shape& shape, const std::string& name) {
  InputArray input;
  constexpr int kAsked = PyBUF_ND | PyBUF_FORMAT;  // contiguous, read only is enough
  if (input.buffer.open(object, kAsked)) {
    if (is_float32(input.buffer.view()) && has_shape(input.buffer.view(), shape)) {
      point_to(input);
      return input;
    }
    input.buffer = Buffer();
  }
  const nb::object array = to_numpy(object);
  check(array, shape, name);
  input.copy = numpy("ascontiguousarray")(array, kept().float32);
  if (!input.buffer.open(input.copy, kAsked) || !is_float32(input.buffer.view()) ||
      !has_shape(input.buffer.view(), shape)) {
    raise(PyExc_TypeError, name + ": cannot be made an array of float32");
  }
  point_to(input);
  return input;
}

OutputArray::OutputArray(std::int64_t count, const Shape& shape) {
  const nb::tuple dims = with_count(count, shape);
  const std::array<PyObject*, 2> arguments{dims.ptr(), kept().float32.ptr()};
  PyObject* made = PyObject_Vectorcall(kept().empty.ptr(), arguments.data(), arguments.size(), nullptr);
  if (made == nullptr) throw nb::python_error();
  array = nb::steal(made);
  if (!buffer.open(array, PyBUF_ND | PyBUF_WRITABLE)) raise(PyExc_TypeError, "numpy.empty made no array");
  data = static_cast<float*>(buffer.view().buf);
}

OutputArray new_array(const Shape& shape) {
  OutputArray made(1, shape);
  made.array = made.array[0];
  return made;
}

}  // namespace fovea::python
