// Variable-length strings, which lie in the file's global heap.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "loaders/io/raw_file.h"

namespace fovea::hdf5 {

/// Size in a file with 8-byte addresses of what stands for one variable-length string: length, address, object number.
constexpr std::size_t kReferenceSize = 16;

/// Collections of the global heap (format specification, III.E). Throws Refusal when the file is damaged.
class GlobalHeap {
 public:
  explicit GlobalHeap(const RawFile& file) : file_(file) {}

  /// The text that the 16 bytes at `reference` stand for.
  std::string text(const unsigned char* reference);

 private:
  struct Object {
    std::uint64_t address, size;
  };
  using Collection = std::map<std::uint32_t, Object>;

  const Collection& collection(std::uint64_t address);

  const RawFile& file_;
  std::map<std::uint64_t, Collection> collections_;
  std::uint64_t objects_ = 0;
};

}  // namespace fovea::hdf5
