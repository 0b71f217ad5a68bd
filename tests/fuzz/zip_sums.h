// The check sums of zip archives.
#pragma once

#include <cstdint>
#include <span>

namespace fovea::fuzz {

/// Sets the CRC-32 of every stored (not deflated) entry that the central directory lists to what its bytes have, there
/// and in the entry's own header. Whatever is damaged stays as it is.
void set_zip_sums(std::span<std::uint8_t> archive);

}  // namespace fovea::fuzz
