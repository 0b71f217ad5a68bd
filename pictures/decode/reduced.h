// Opt-in decoding at a fraction of the size: faster, and with other pixels.
#pragma once

#include <string>

#include "pictures/decode/image.h"

namespace fovea {

/// As read_picture, except that a JPEG is decoded at the smallest of 1/2, 1/4 and 1/8 of its size at which the first
/// Resize of `preprocessing` (0 x 0 = width x height, the network's input) still makes nothing larger and no blur
/// before it has a sigma below 1 pixel. Without a Resize, and for other formats, nothing is reduced.
DecodedImage read_reduced_image(const std::string& path, const Preprocessing& preprocessing, int width, int height,
                                const DecodeOptions& options = {});

/// The same for a file in memory; `name` is used in errors.
DecodedImage decode_reduced_image(const std::uint8_t* data, std::size_t size, const std::string& name,
                                  const Preprocessing& preprocessing, int width, int height,
                                  const DecodeOptions& options = {});

/// What `preprocessing` means for a picture of 1/divisor: blurs shrink with the picture.
Preprocessing reduced_preprocessing(const Preprocessing& preprocessing, int divisor);

}  // namespace fovea
