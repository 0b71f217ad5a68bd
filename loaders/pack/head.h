// The header and the table of sections.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "loaders/pack/format.h"
#include "loaders/pack/storage.h"

namespace fovea::pack {

/// A section by its kind; the size of those that are absent is 0, and so is that of an empty one.
class Sections {
 public:
  const Section& operator[](Kind kind) const { return all_[static_cast<std::size_t>(kind) - 1]; }
  Section& operator[](Kind kind) { return all_[static_cast<std::size_t>(kind) - 1]; }

 private:
  std::array<Section, kKinds> all_{};
};

/// "network", for messages.
const char* name_of(Kind kind);

/// Reads and checks both: the sections lie one behind the other, within the file. Throws Error "PATH: place: reason".
Sections read_head(const Storage& storage, const std::string& path);

/// The checksum of a section that `data` holds. Throws Error if it is not that of the table.
void check_sum(const Section& section, Kind kind, std::span<const std::byte> data, const std::string& path);

}  // namespace fovea::pack
