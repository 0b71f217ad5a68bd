// A picture as Python gives it.
#include "bindings/python/src/picture.h"

#include <string_view>

#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

[[noreturn]] void refuse(const std::string& got) {
  raise(PyExc_TypeError, "a picture is a path, bytes of a file, or an array of uint8 (height, width, 3), got " + got);
}

bool is_bytes(const Py_buffer& view) {
  return view.itemsize == 1 && (view.format == nullptr || std::string_view(view.format) == "B");
}

}  // namespace

Picture to_picture(nb::handle object, bool accept_damaged) {
  Picture picture;
  picture.accept_damaged = accept_damaged;
  if (nb::isinstance<nb::tuple>(object)) {
    picture.name = to_path(nb::cast<nb::bytes>(object[0]));
    return picture;
  }
  picture.is_file = false;
  picture.name = "picture";
  if (!picture.memory.open(object, PyBUF_ND | PyBUF_FORMAT)) refuse(nb::repr(object.type()).c_str());
  const Py_buffer& view = picture.memory.view();
  if (!is_bytes(view)) refuse("items of format '" + std::string(view.format) + "'");
  if (view.ndim == 1) return picture;
  if (view.ndim != 3 || view.shape[2] != 3) refuse("an array of another shape");
  if (view.shape[0] < 1 || view.shape[1] < 1 || view.shape[0] > kMaxImageSide || view.shape[1] > kMaxImageSide) {
    raise(PyExc_ValueError, "a picture's sides must be 1 to " + std::to_string(kMaxImageSide) + " pixels");
  }
  picture.height = static_cast<int>(view.shape[0]);
  picture.width = static_cast<int>(view.shape[1]);
  return picture;
}

DecodedImage read(const Picture& picture, const tools::Pipeline& pipeline) {
  const DecodeOptions options{.accept_damaged = picture.accept_damaged};
  if (picture.is_file) return pipeline.read(picture.name, options);
  const auto* data = static_cast<const std::uint8_t*>(picture.memory.view().buf);
  const auto size = static_cast<std::size_t>(picture.memory.view().len);
  if (picture.width == 0) return pipeline.decode(data, size, picture.name, options);
  DecodedImage decoded;
  decoded.image = Image{picture.width, picture.height, std::vector<std::uint8_t>(data, data + size)};
  return decoded;
}

}  // namespace fovea::python
