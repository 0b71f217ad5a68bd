// Pieces of a file's structure, read whole.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "loaders/hdf5/io/read_budget.h"
#include "loaders/io/raw_file.h"

namespace fovea::hdf5 {

using Block = std::vector<unsigned char>;

/// A file and what may be read of it. `damage` is what a Refusal says where a block is not in the file, or not what it
/// should be.
struct Blocks {
  const RawFile& file;
  ReadBudget& budget;

  /// Throws Refusal also where the budget is spent.
  Block read(std::uint64_t address, std::uint64_t size, const char* damage) const;
  /// One that begins with a signature and a version, and ends with its sum.
  Block read_summed(std::uint64_t address, std::uint64_t size, std::string_view signature, unsigned version,
                    const char* damage) const;
};

}  // namespace fovea::hdf5
