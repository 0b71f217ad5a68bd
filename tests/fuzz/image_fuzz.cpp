// Any bytes as a picture: its pages, whole and as far as they go, prepared as a card says; or an Error. Small, so that
// it is fast.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <fovea/error.h>
#include "pictures/decode/image.h"
#include "tests/fuzz/one_input.h"
#include "tests/fuzz/scratch_file.h"

namespace {

constexpr int kMostPages = 3, kNetworkSide = 24;
constexpr std::int64_t kMostPixels = 1 << 20;

void take(const std::uint8_t* data, std::size_t size, int page, bool accept_damaged,
          const fovea::Preprocessing& steps) {
  fovea::DecodeOptions options;
  options.limits.max_pixels = kMostPixels;
  options.page = page;
  options.accept_damaged = accept_damaged;
  try {
    fovea::DecodedImage picture = fovea::decode_picture(data, size, "fuzz", options);
    fovea::apply_steps(std::move(picture.image), steps, kNetworkSide, kNetworkSide);
    ++fovea::fuzz::inputs_taken;
  } catch (const fovea::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fovea::Preprocessing steps{
      "", {fovea::CropGrey{7}, fovea::Resize{kNetworkSide, kNetworkSide, fovea::Interpolation::area}}, {}};
  const fovea::fuzz::ScratchFile file({data, size});
  const int pages = std::clamp(fovea::picture_pages(file.path().string()).count, 1, kMostPages);
  for (int page = 1; page <= pages; ++page) {
    for (const bool accept_damaged : {false, true}) take(data, size, page, accept_damaged, steps);
  }
  return 0;
}
