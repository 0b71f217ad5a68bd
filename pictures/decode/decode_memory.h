// One budget of memory for all pictures that are being decoded in a process: who would exceed it waits.
#pragma once

#include <cstddef>
#include <utility>

namespace fovea {

/// A share of the budget, given back when it goes.
class MemoryShare {
 public:
  MemoryShare() = default;
  explicit MemoryShare(std::size_t bytes) : bytes_(bytes) {}
  MemoryShare(MemoryShare&& other) noexcept : bytes_(std::exchange(other.bytes_, 0)) {}
  MemoryShare& operator=(MemoryShare&& other) noexcept {
    shrink(0);
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
  }
  ~MemoryShare() { shrink(0); }

  std::size_t bytes() const { return bytes_; }
  /// Gives back all above `bytes`.
  void shrink(std::size_t bytes) noexcept;

 private:
  std::size_t bytes_ = 0;
};

/// Waits, first come first served, until there are `bytes` left. Throws Error if there never will be. A thread that
/// holds one share and asks for another may wait for itself.
MemoryShare take_decode_memory(std::size_t bytes);

/// What all decoders may hold together. It starts as default_decode_memory(); to be set before pictures are decoded.
void set_decode_memory(std::size_t bytes);
std::size_t decode_memory();
/// Half of the memory of this machine or container, at least 256 MiB.
std::size_t default_decode_memory();
/// What is held now.
std::size_t decode_memory_in_use();

}  // namespace fovea
