// Pack files taken apart and put together again, so that their checksums and offsets fit whatever was done to a part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fovea::fuzz {

/// Sets all checksums of what has a pack file's header, as far as its table can be followed.
void set_pack_sums(std::span<std::uint8_t> bytes);

/// A section: its kind and its bytes.
using PackPart = std::pair<std::uint32_t, std::string>;

/// The sections of a pack file; none if it has no sound head.
std::vector<PackPart> pack_parts(std::span<const std::uint8_t> bytes);

/// A pack file of these sections in this order.
std::string join_pack(const std::vector<PackPart>& parts);

}  // namespace fovea::fuzz
