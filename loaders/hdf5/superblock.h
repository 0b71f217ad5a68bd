// What can be said about a file before HDF5 opens it: is it a file, is it HDF5, is all of it there.
#pragma once

#include <cstdint>
#include <string>

#include "loaders/bytes.h"

namespace fovea::hdf5 {

struct Superblock {
  std::uint64_t file_size = 0;
  std::uint64_t base = 0;     ///< where the superblock is; addresses in the file count from here
  unsigned address_size = 0;  ///< bytes of an address
  std::uint64_t root = 0;     ///< address of the root group's header, if addresses have 8 bytes
};

/// Throws Error unless `path` is a regular, non-empty file that starts an HDF5 structure and is as long as its
/// superblock says.
Superblock check_superblock(const std::string& path);
/// The same for a file in memory, called `path` in messages.
Superblock check_superblock(const Bytes& image, const std::string& path);

}  // namespace fovea::hdf5
