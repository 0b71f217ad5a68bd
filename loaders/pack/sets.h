// The lists of packed weights: a set for each instruction set and arithmetic.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "layers/packed.h"

namespace fovea::pack {

/// Packed values and where they lie in the section of packed weights.
struct PackedEntry {
  PackedKey key;
  std::uint64_t offset = 0;
};

struct WeightSet {
  std::string isa, arithmetic;
  std::uint32_t packing = kPackingVersion;
  std::uint64_t network = 0;         ///< PackingChoice::network
  std::vector<PackedEntry> entries;  ///< by operation and part

  /// The entry of exactly this key, or nullptr.
  const PackedEntry* find(const PackedKey& key) const;
};

std::string set_bytes(const std::vector<WeightSet>& sets);

/// Throws Error "PATH: sets at byte N: reason". `packed_bytes`: size of the section of packed weights.
std::vector<WeightSet> read_sets(std::span<const std::byte> bytes, std::uint64_t packed_bytes, const std::string& path);

}  // namespace fovea::pack
