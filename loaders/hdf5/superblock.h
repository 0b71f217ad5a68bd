// What can be said about a file before HDF5 opens it: is it a file, is it HDF5, is all of it there.
#pragma once

#include <cstdint>
#include <string>

#include "loaders/bytes.h"

namespace fovea::hdf5 {

struct Superblock {
  std::uint64_t file_size = 0;
  std::uint64_t base = 0;  ///< where the superblock is; addresses in the file count from here
  std::uint64_t root = 0;  ///< address of the root group's header
};

/// Throws Error unless `path` is a regular, non-empty file that starts an HDF5 structure, is as long as its superblock
/// says, and has addresses of 8 bytes and no driver information. Of unknown versions nothing is checked: HDF5 refuses
/// them.
Superblock check_superblock(const std::string& path);
/// The same for a file in memory, called `path` in messages.
Superblock check_superblock(const Bytes& image, const std::string& path);

}  // namespace fovea::hdf5
