// From an image file to the network's input: decode, the card's ordered steps, normalisation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "loaders/card/card.h"

namespace fovea {

/// An 8-bit RGB picture, rows top to bottom, `pixels` is [height][width][3] contiguous.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

/// Bounds checked before a decoder allocates anything for the pixels.
struct DecodeLimits {
  std::size_t max_file_bytes = std::size_t{512} << 20;
  std::int64_t max_pixels = std::int64_t{200} * 1000 * 1000;
};

/// Decodes JPEG, PNG, TIFF or BMP as OpenCV's imread(IMREAD_COLOR) does: EXIF orientation applied, 16-bit reduced to 8,
/// grey expanded, alpha dropped. A truncated or damaged file is an Error (OpenCV itself would return grey bars for
/// some). Not read: run-length encoded and 16-bit BMP. Thread-safe. Throws Error: "PATH: reason".
Image read_image(const std::string& path, const DecodeLimits& limits = {});

/// Decodes from memory; `name` is used in errors.
Image decode_image(const std::uint8_t* data, std::size_t size, const std::string& name,
                   const DecodeLimits& limits = {});

/// Applies the ordered steps. If the picture does not have width x height afterwards, that is an Error:
/// nothing about a model's input is guessed. Bit-exact against OpenCV's portable path.
Image apply_steps(const Image& image, const Preprocessing& preprocessing, int width, int height);

/// Writes [height][width][3] floats in the network's order: (value * scale - mean[c]) / std[c], c counted in the
/// network's channel order. The operations are done in double and rounded once, as documented in the card.
void normalise(const Image& image, const Normalise& normalise, float* out);

/// Writes a PNG (lossless). Throws Error if it cannot be written.
void write_png(const Image& image, const std::string& path);

/// Threads that one step may use inside itself, for the whole process. A program that prepares several pictures at a
/// time sets 1, so that it never runs more threads than it was given.
void set_image_threads(int threads);

/// True for names that batch tools pick up in a folder: .jpg .jpeg .png .tif .tiff .bmp, any case.
bool is_image_name(const std::string& name);

}  // namespace fovea
