// Pictures in the caller's memory.
#include <fovea/error.h>
#include <fovea/prepare.h>

#include "bindings/c/objects.h"
#include "bindings/c/structs.h"

namespace fovea::c {

FOVEA_FIELDS(fovea_picture, offsetof(fovea_picture, pixels), offsetof(fovea_picture, width),
             offsetof(fovea_picture, height), offsetof(fovea_picture, stride), offsetof(fovea_picture, channels),
             offsetof(fovea_picture, reserved));

namespace {

ChannelOrder order_of(int channels) {
  switch (channels) {
    case FOVEA_CHANNELS_RGB:
      return ChannelOrder::rgb;
    case FOVEA_CHANNELS_BGR:
      return ChannelOrder::bgr;
    case FOVEA_CHANNELS_RGBA:
      return ChannelOrder::rgba;
    case FOVEA_CHANNELS_BGRA:
      return ChannelOrder::bgra;
    case FOVEA_CHANNELS_GREY:
      return ChannelOrder::grey;
    default:
      refuse("fovea_picture.channels is " + std::to_string(channels));
  }
}

Image copy_of(const fovea_picture& picture) {
  ImageView view;
  view.order = order_of(number_in(picture.channels));
  need(picture.pixels, "fovea_picture.pixels");
  for (const std::int64_t side : {picture.width, picture.height}) {
    if (side < 1 || side > kMaxImageSide) refuse("fovea_picture has a side of " + std::to_string(side));
  }
  if (picture.reserved != 0) refuse("fovea_picture.reserved is not 0");
  view.pixels = picture.pixels;
  view.width = static_cast<int>(picture.width);
  view.height = static_cast<int>(picture.height);
  view.stride = static_cast<std::ptrdiff_t>(picture.stride);
  try {
    return copy_image(view);
  } catch (const Error& error) {
    refuse(error.what());
  }
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
