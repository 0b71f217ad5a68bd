// How a file begins: is it a file, is it HDF5, is all of it there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "loaders/bytes.h"
#include "loaders/hdf5/objects/b_tree.h"

namespace fovea::hdf5 {

struct Superblock {
  std::uint64_t file_size = 0;
  std::uint64_t base = 0;  ///< where the superblock is; addresses in the file count from here
  std::uint64_t root = 0;  ///< address of the root group's header
  TreeSizes sizes;
  std::optional<std::uint64_t> extension;  ///< address of the superblock extension's header
};

/// Throws Error unless `path` is a regular, non-empty file that starts an HDF5 structure, is as long as its superblock
/// says, of a known version, and has addresses and lengths of 8 bytes and no driver information.
Superblock check_superblock(const std::string& path);
/// The same for a file in memory, called `path` in messages.
Superblock check_superblock(const Bytes& image, const std::string& path);

}  // namespace fovea::hdf5
