// From a decoded picture to the network's input: the card's ordered steps, normalisation. Part of libfovea, without
// OpenCV.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fovea/card.h>
#include <fovea/export.h>
#include <fovea/session.h>

namespace fovea {

/// An 8-bit RGB picture, rows top to bottom, `pixels` is [height][width][3] contiguous.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

/// The bytes of one pixel, in their order. Of four the last is not looked at, as OpenCV reads pictures in colour.
enum class ChannelOrder { rgb, bgr, rgba, bgra, grey };

/// An 8-bit picture where a host has it: a camera's buffer, a window of a larger picture, a bottom-up bitmap.
struct ImageView {
  const std::uint8_t* pixels = nullptr;  ///< of the top row
  int width = 0;
  int height = 0;
  std::ptrdiff_t stride = 0;  ///< bytes from a row to the one below it, negative where that lies before; 0 = no gaps
  ChannelOrder order = ChannelOrder::rgb;
};

/// The same picture as RGB. Throws Error for a view of nothing, of sides that no picture has, or whose rows overlap.
FOVEA_API Image copy_image(const ImageView& view);

/// No picture has a longer side.
inline constexpr int kMaxImageSide = 1 << 20;

/// Throws Error unless the picture has pixels, and as many of them as its sides say.
FOVEA_API void check_image(const Image& image);

/// Applies the ordered steps. If the picture does not have width x height afterwards, that is an Error:
/// nothing about a model's input is guessed. So is a picture or a step that cannot be. Bit-exact against OpenCV's
/// portable path. Runs in the caller's thread. A picture that is moved here is cropped in place. `isa` names the
/// instruction set as ModelOptions::isa does; Model::isa() is the model's. Bytes do not depend on it.
FOVEA_API Image apply_steps(Image image, const Preprocessing& preprocessing, int width, int height,
                            const std::string& isa);
/// The same with the instruction set that FOVEA_ISA names, or the best one.
FOVEA_API Image apply_steps(Image image, const Preprocessing& preprocessing, int width, int height);

/// All that is between a picture and a run: the steps to the size that the session's model takes, and normalisation
/// into the input of image `image`. Throws Error as those do, and if the model takes no colour picture.
FOVEA_API void prepare(const ImageView& picture, const Preprocessing& preprocessing, Session& session, int image = 0);

/// Width and height that every picture has after the steps, where the steps alone say it: a resize to a stated size
/// with no crop behind it.
FOVEA_API std::optional<std::array<int, 2>> prepared_size(const Preprocessing& preprocessing);

/// Throws Error unless the model takes one colour picture, of the size that the card's steps make if they say one, and
/// returns what the card decides by.
FOVEA_API void check_gradable(const Model& model, const ModelCard& card);

/// Writes [height][width][3] floats in the network's order: (value * scale - mean[c]) / std[c], c counted in the
/// network's channel order. The operations are done in double and rounded once, as documented in the card. Throws Error
/// for a picture that is none, numbers that no card may have, or no place to write to.
FOVEA_API void normalise(const Image& image, const Normalise& normalise, float* out);

}  // namespace fovea
