// The checks of a file's checksums, all in one place: the fuzzers put another in its stead, which mends them.
#pragma once

#include <cstddef>
#include <span>

namespace fovea::hdf5 {

constexpr std::size_t kSumBytes = 4;

/// True if the last four bytes are the sum (lookup3) of those before.
bool ends_with_its_sum(std::span<const unsigned char> block);
/// True if the four bytes at `at`, which must be in the block, are the sum of all of it with zeros in their place.
bool has_its_sum_at(std::span<const unsigned char> block, std::size_t at);
/// True if the last four bytes are the sum (fletcher32) of those before.
bool ends_with_fletcher32(std::span<const unsigned char> chunk);

}  // namespace fovea::hdf5
