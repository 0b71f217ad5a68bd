// What a pack file looks like: docs/pack-file.md, in numbers.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace fovea::pack {

static_assert(std::endian::native == std::endian::little, "pack files are mapped as they are, and little-endian");

inline constexpr std::array<unsigned char, 8> kMagic{0x89, 'F', 'O', 'V', 'E', 'A', '\r', '\n'};
inline constexpr std::uint32_t kByteOrder = 0x0a0b0c0d, kTurnedByteOrder = 0x0d0c0b0a;
inline constexpr std::uint32_t kVersion = 1;

/// Sections begin at multiples of a page, what is in them at multiples of a cache line.
inline constexpr std::uint64_t kPage = 4096, kLine = 64;
/// Of sections that are read and not mapped: the network and the lists of packed weights.
inline constexpr std::uint64_t kLargestText = std::uint64_t{32} << 20, kLargestCard = std::uint64_t{1} << 20;

/// In the order in which they stand in the file; each at most once.
enum class Kind : std::uint32_t { network = 1, card = 2, sets = 3, weights = 4, packed = 5 };
inline constexpr std::uint32_t kKinds = 5;

/// The first 64 bytes.
struct Header {
  std::array<unsigned char, 8> magic;
  std::uint32_t byte_order, version, sections, zero;
  std::uint64_t file_size, table_sum;
  std::array<std::uint64_t, 2> zeros;
  std::uint64_t sum;  ///< of the 56 bytes before it
};
static_assert(sizeof(Header) == 64);
inline constexpr std::size_t kSummedHeader = offsetof(Header, sum);

/// One line of the table behind the header.
struct Section {
  std::uint32_t kind, zero;
  std::uint64_t offset, size, sum;
};
static_assert(sizeof(Section) == 32);

constexpr std::uint64_t aligned(std::uint64_t offset, std::uint64_t step) { return (offset + step - 1) / step * step; }

}  // namespace fovea::pack
