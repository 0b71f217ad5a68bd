// Sums as they stand in a file against sums of what stands there.
#include "loaders/hdf5/io/sums.h"

#include <algorithm>
#include <vector>

#include "loaders/hdf5/io/fletcher32.h"
#include "loaders/hdf5/io/lookup3.h"
#include "loaders/io/raw_file.h"

namespace fovea::hdf5 {
namespace {

/// HDF5 sums modulo 65535 with either of its two zeros.
bool same_fletcher32(std::uint64_t a, std::uint64_t b) {
  return (a & 0xffff) % 65535 == (b & 0xffff) % 65535 && (a >> 16) % 65535 == (b >> 16) % 65535;
}

}  // namespace

bool ends_with_its_sum(std::span<const unsigned char> block) {
  if (block.size() < kSumBytes) return false;
  const auto content = block.first(block.size() - kSumBytes);
  return lookup3(content) == little_endian(content.data() + content.size(), kSumBytes);
}

bool has_its_sum_at(std::span<const unsigned char> block, std::size_t at) {
  std::vector<unsigned char> content(block.begin(), block.end());
  std::fill_n(&content[at], kSumBytes, std::uint8_t{0});
  return lookup3(content) == little_endian(&block[at], kSumBytes);
}

bool ends_with_fletcher32(std::span<const unsigned char> chunk) {
  if (chunk.size() < kSumBytes) return false;
  const auto content = chunk.first(chunk.size() - kSumBytes);
  return same_fletcher32(fletcher32(content), little_endian(content.data() + content.size(), kSumBytes));
}

}  // namespace fovea::hdf5
