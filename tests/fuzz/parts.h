// Mutations of what a picture file is made of, each part with its length before it: no change of single bytes gives a
// part another size and leaves the next one where it is looked for.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fovea::fuzz {

/// Makes a chunk of a PNG or a segment of a JPEG longer or shorter, doubles it, leaves it out or puts it elsewhere, as
/// `seed` says; its length is right afterwards, its checksum is not. Returns the new size, at most `max_size`, or 0 if
/// the data has no such parts.
std::size_t mutate_parts(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned int seed);

}  // namespace fovea::fuzz
