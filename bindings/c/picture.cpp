// Pictures in the caller's memory.
#include <fovea/prepare.h>

#include "bindings/c/objects.h"
#include "bindings/c/structs.h"

namespace fovea::c {

FOVEA_FIELDS(fovea_picture, offsetof(fovea_picture, pixels), offsetof(fovea_picture, width),
             offsetof(fovea_picture, height), offsetof(fovea_picture, stride), offsetof(fovea_picture, channels),
             offsetof(fovea_picture, reserved));

namespace {

/// Where red, green and blue stand in a pixel, and how many bytes it has.
struct PixelBytes {
  int red, green, blue, size;
};

PixelBytes pixel_bytes(int channels) {
  switch (channels) {
    case FOVEA_CHANNELS_RGB:
      return {0, 1, 2, 3};
    case FOVEA_CHANNELS_BGR:
      return {2, 1, 0, 3};
    case FOVEA_CHANNELS_RGBA:
      return {0, 1, 2, 4};
    case FOVEA_CHANNELS_BGRA:
      return {2, 1, 0, 4};
    case FOVEA_CHANNELS_GREY:
      return {0, 0, 0, 1};
    default:
      refuse("fovea_picture.channels is " + std::to_string(channels));
  }
}

Image copy_of(const fovea_picture& picture) {
  const PixelBytes bytes = pixel_bytes(number_in(picture.channels));
  need(picture.pixels, "fovea_picture.pixels");
  for (const std::int64_t side : {picture.width, picture.height}) {
    if (side < 1 || side > kMaxImageSide) refuse("fovea_picture has a side of " + std::to_string(side));
  }
  const std::int64_t row = picture.width * bytes.size, stride = picture.stride == 0 ? row : picture.stride;
  if (stride < row) {
    refuse("fovea_picture.stride is " + std::to_string(picture.stride) + ", less than the " + std::to_string(row) +
           " bytes of a row");
  }
  if (picture.reserved != 0) refuse("fovea_picture.reserved is not 0");
  Image image;
  image.width = static_cast<int>(picture.width);
  image.height = static_cast<int>(picture.height);
  image.pixels.resize(static_cast<std::size_t>(picture.width * picture.height) * 3);
  std::uint8_t* out = image.pixels.data();
  for (std::int64_t y = 0; y < picture.height; ++y) {
    const std::uint8_t* in = picture.pixels + y * stride;
    for (std::int64_t x = 0; x < picture.width; ++x, in += bytes.size, out += 3) {
      out[0] = in[bytes.red];
      out[1] = in[bytes.green];
      out[2] = in[bytes.blue];
    }
  }
  return image;
}

}  // namespace
}  // namespace fovea::c

using namespace fovea::c;

fovea_status fovea_card_prepare(const fovea_card* card, const fovea_model* model, const fovea_picture* picture,
                                float* values, size_t floats) noexcept {
  return guarded([&] {
    const fovea::Preprocessing& steps = behind(card).card.preprocessing;
    const fovea::Model& network = *behind(model);
    const fovea_picture given = read_struct(picture);
    need(values, "values");
    const fovea::Shape& size = network.input_shape();
    if (size.rank() != 3 || size.c() != 3) {
      throw Refusal{FOVEA_REFUSED, "the model takes " + size.str() + ", not a colour picture"};
    }
    if (floats != static_cast<size_t>(size.elements())) {
      refuse("values holds " + std::to_string(floats) + " floats, the model's input has " +
             std::to_string(size.elements()));
    }
    const fovea::Image prepared = fovea::apply_steps(copy_of(given), steps, static_cast<int>(size.w()),
                                                     static_cast<int>(size.h()), network.isa());
    fovea::normalise(prepared, steps.normalise, values);
  });
}
