// What can be said about a file before HDF5 opens it: is it a file, is it HDF5, is all of it there.
#pragma once

#include <cstdint>
#include <string>

namespace fovea::hdf5 {

/// Throws Error unless `path` is a regular, non-empty file that starts an HDF5 structure and is as long as its
/// superblock says. Returns its size in bytes.
std::uint64_t check_superblock(const std::string& path);

}  // namespace fovea::hdf5
