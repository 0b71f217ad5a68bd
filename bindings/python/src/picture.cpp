// A picture as Python gives it.
#include "bindings/python/src/picture.h"

#include <string_view>

#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

[[noreturn]] void refuse(const std::string& got) {
  raise(PyExc_TypeError, "a picture is a path, bytes of a file, or an array of uint8 (H, W, 3), got " + got);
}

bool is_bytes(const Py_buffer& view) {
  return view.itemsize == 1 && (view.format == nullptr || std::string_view(view.format) == "B");
}

}  // namespace

Picture to_picture(nb::handle object, bool accept_damaged, bool bgr) {
  Picture picture;
  picture.accept_damaged = accept_damaged;
  if (nb::isinstance<nb::tuple>(object)) {
    picture.name = to_path(nb::cast<nb::bytes>(object[0]));
    return picture;
  }
  picture.is_file = false;
  picture.name = "picture";
  if (!picture.memory.open(object, PyBUF_STRIDES | PyBUF_FORMAT)) refuse(nb::repr(object.type()).c_str());
  const Py_buffer& view = picture.memory.view();
  if (!is_bytes(view)) refuse("items of format '" + std::string(view.format) + "'");
  if (view.ndim == 1) return picture;
  const Py_ssize_t channels = view.ndim == 3 ? view.shape[2] : 0;
  if (channels != 1 && channels != 3 && channels != 4) refuse("an array of another shape");
  if (view.strides[2] != 1 || view.strides[1] != channels) refuse("an array whose pixels have gaps");
  if (view.shape[0] < 1 || view.shape[1] < 1 || view.shape[0] > kMaxImageSide || view.shape[1] > kMaxImageSide) {
    raise(PyExc_ValueError, "a picture's sides must be 1 to " + std::to_string(kMaxImageSide) + " pixels");
  }
  picture.view.pixels = static_cast<const std::uint8_t*>(view.buf);
  picture.view.height = static_cast<int>(view.shape[0]);
  picture.view.width = static_cast<int>(view.shape[1]);
  picture.view.stride = view.strides[0];
  picture.view.order = channels == 1   ? ChannelOrder::grey
                       : channels == 3 ? (bgr ? ChannelOrder::bgr : ChannelOrder::rgb)
                                       : (bgr ? ChannelOrder::bgra : ChannelOrder::rgba);
  return picture;
}

DecodedImage read(const Picture& picture, const tools::Pipeline& pipeline) {
  const DecodeOptions options{.accept_damaged = picture.accept_damaged};
  if (picture.is_file) return pipeline.read(picture.name, options);
  if (picture.view.pixels == nullptr) {
    const Py_buffer& file = picture.memory.view();
    return pipeline.decode(static_cast<const std::uint8_t*>(file.buf), static_cast<std::size_t>(file.len), picture.name,
                           options);
  }
  DecodedImage decoded;
  decoded.image = copy_image(picture.view);
  return decoded;
}

}  // namespace fovea::python
