// Decides how far a picture may be reduced while it is decoded, and what its card means afterwards.
#include "pictures/decode/reduced.h"

#include <algorithm>

#include "pictures/decode/decoders.h"

namespace fovea {
namespace {

constexpr int kMostReduced = 8;  // one pixel of each of JPEG's blocks

// Up to the first Resize: what follows it sees the same size whatever was decoded.
Reduction allowed_reduction(const Preprocessing& preprocessing, int width, int height) {
  int divisor = kMostReduced;
  for (const ImageStep& step : preprocessing.steps) {
    if (const auto* blur = std::get_if<GaussianContrast>(&step)) {
      while (divisor > 1 && blur->sigma / divisor < 1) divisor /= 2;
    }
    const auto* resize = std::get_if<Resize>(&step);
    if (resize == nullptr) continue;
    const bool own_size = resize->width != 0 || resize->height != 0;
    return {own_size ? resize->width : width, own_size ? resize->height : height, divisor};
  }
  return {};
}

}  // namespace

DecodedImage read_reduced_image(const std::string& path, const Preprocessing& preprocessing, int width, int height,
                                const DecodeOptions& options) {
  return read_picture(path, options, allowed_reduction(preprocessing, width, height));
}

DecodedImage decode_reduced_image(const std::uint8_t* data, std::size_t size, const std::string& name,
                                  const Preprocessing& preprocessing, int width, int height,
                                  const DecodeOptions& options) {
  return decode_picture(data, size, name, options, allowed_reduction(preprocessing, width, height));
}

Preprocessing reduced_preprocessing(const Preprocessing& preprocessing, int divisor) {
  Preprocessing reduced = preprocessing;
  for (ImageStep& step : reduced.steps) {
    if (std::holds_alternative<Resize>(step)) break;
    if (auto* blur = std::get_if<GaussianContrast>(&step)) blur->sigma /= divisor;
  }
  return reduced;
}

}  // namespace fovea
