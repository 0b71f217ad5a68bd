// NumPy arrays, and whatever lends its memory, in and out: by the buffer protocol, which costs a tenth of a
// microsecond.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <string>
#include <utility>

#include <fovea/shape.h>

namespace fovea::python {

namespace nb = nanobind;

/// Memory that a Python object lends, until this goes. Made and destroyed with the GIL.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept : view_(std::exchange(other.view_, Py_buffer{})) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(view_, other.view_);
    return *this;
  }
  ~Buffer() {
    if (view_.obj != nullptr) PyBuffer_Release(&view_);
  }

  /// False, without a Python error, if the object does not lend it as `flags` (PyBUF_...) ask.
  bool open(nb::handle object, int flags) noexcept;
  const Py_buffer& view() const { return view_; }

 private:
  Py_buffer view_{};
};

/// One input as [count][shape], float32 and contiguous: the caller's own memory wherever it is that, a copy otherwise.
struct InputArray {
  Buffer buffer;
  nb::object copy;  ///< what `buffer` is of, if not of the caller's object
  const float* data = nullptr;
  std::int64_t count = 0;
};

/// `name` says in errors which input it is. Raises TypeError for what holds no real numbers, ValueError for another
/// shape.
InputArray read_input(nb::handle object, const Shape& shape, const std::string& name);

/// A new float32 array of [count][shape], not yet written.
struct OutputArray {
  nb::object array;
  Buffer buffer;
  float* data = nullptr;

  OutputArray(std::int64_t count, const Shape& shape);
};

/// The same for `shape` alone.
OutputArray new_array(const Shape& shape);

/// (count, shape...)
nb::tuple with_count(std::int64_t count, const Shape& shape);
nb::tuple to_tuple(const Shape& shape);

/// The attribute `name` of the module numpy.
nb::object numpy(const char* name);

/// What numpy makes of an object without copying where it can: by DLPack, or asarray.
nb::object to_numpy(nb::handle object);

}  // namespace fovea::python
