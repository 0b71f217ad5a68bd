// The checksums of a PNG, which are wrong after any mutation.
#pragma once

#include <cstdint>
#include <span>

namespace fovea::fuzz {

/// Makes every chunk's checksum right, as far as chunks follow each other. Leaves what is no PNG alone.
void set_png_sums(std::span<std::uint8_t> data);

}  // namespace fovea::fuzz
