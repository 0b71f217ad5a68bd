// Pictures from a host's memory, and the whole way of one into a session.
#include <fovea/prepare.h>

#include <cstdint>
#include <limits>

#include <fovea/error.h>
#include <fovea/session.h>

namespace fovea {
namespace {

/// Bytes of a pixel, and where its colours are among them.
struct PixelFormat {
  int bytes, red, green, blue;
};

PixelFormat format_of(ChannelOrder order) {
  switch (order) {
    case ChannelOrder::rgb:
      return {3, 0, 1, 2};
    case ChannelOrder::bgr:
      return {3, 2, 1, 0};
    case ChannelOrder::rgba:
      return {4, 0, 1, 2};
    case ChannelOrder::bgra:
      return {4, 2, 1, 0};
    case ChannelOrder::grey:
      return {1, 0, 0, 0};
  }
  throw Error("the picture's channels have an order that is not known");
}

std::ptrdiff_t stride_of(const ImageView& view, int pixel_bytes) {
  const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(view.width) * pixel_bytes;
  if (view.stride == 0) return row;
  // No address space holds more than its half.
  const std::ptrdiff_t most = std::numeric_limits<std::ptrdiff_t>::max() / view.height;
  if ((view.stride > -row && view.stride < row) || view.stride > most || view.stride < -most) {
    throw Error("the picture's rows of " + std::to_string(row) + " bytes cannot lie " + std::to_string(view.stride) +
                " bytes apart");
  }
  return view.stride;
}

}  // namespace

Image copy_image(const ImageView& view) {
  const auto fits = [](int side) { return side >= 1 && side <= kMaxImageSide; };
  if (view.pixels == nullptr || !fits(view.width) || !fits(view.height)) {
    throw Error("a picture of " + std::to_string(view.width) + "x" + std::to_string(view.height) + " pixels" +
                (view.pixels == nullptr ? " at no address" : "") + " cannot be");
  }
  const PixelFormat format = format_of(view.order);
  const std::ptrdiff_t stride = stride_of(view, format.bytes);
  Image image{view.width, view.height, {}};
  image.pixels.resize(static_cast<std::size_t>(view.width) * static_cast<std::size_t>(view.height) * 3);
  std::uint8_t* out = image.pixels.data();
  for (int y = 0; y < view.height; ++y) {
    const std::uint8_t* in = view.pixels + stride * y;
    for (int x = 0; x < view.width; ++x, in += format.bytes, out += 3) {
      out[0] = in[format.red];
      out[1] = in[format.green];
      out[2] = in[format.blue];
    }
  }
  return image;
}

void prepare(const ImageView& picture, const Preprocessing& preprocessing, Session& session, int image) {
  const Shape& size = session.model().input_shape();
  if (session.model().input_names().size() != 1 || size.rank() != 3 || size.c() != 3) {
    throw Error("the model takes " + size.str() + ", not one colour picture");
  }
  const std::span<float> input = session.input(image);
  const Image prepared = apply_steps(copy_image(picture), preprocessing, static_cast<int>(size.w()),
                                     static_cast<int>(size.h()), session.model().isa());
  normalise(prepared, preprocessing.normalise, input.data());
}

}  // namespace fovea
