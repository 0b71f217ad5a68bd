// Bytes of a file, or of one in memory, at given places.
#pragma once

#include <cstdint>
#include <string>

#include "loaders/bytes.h"

namespace fovea {

/// `count` bytes (at most 8) as a little-endian number.
std::uint64_t little_endian(const unsigned char* bytes, int count);

/// A file open for reading. Addresses count from `base`, as HDF5's do.
class RawFile {
 public:
  RawFile(const std::string& path, std::uint64_t base, std::uint64_t size);
  /// A file in memory.
  RawFile(Bytes image, std::uint64_t base);
  ~RawFile();
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  /// Bytes from `address` to the end of the file; 0 beyond it.
  std::uint64_t left(std::uint64_t address) const;
  /// False if they are not all in the file, or it cannot be read.
  bool read(std::uint64_t address, std::uint64_t size, void* out) const;

 private:
  int descriptor_ = -1;
  Bytes image_;  ///< empty for a file on disk
  std::uint64_t base_, size_;
};

}  // namespace fovea
