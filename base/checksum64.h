// A fast checksum of bytes, for data that was damaged by chance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fovea {

/// 64 bits over bytes as they lie in memory. Four sums take turns over words of eight bytes, each step of which can be
/// undone: a change within one word always changes the result, any other goes unseen with a chance of about 2^-64. Fast
/// on any processor, by plain multiplications. Against somebody who means it, it is no protection.
class Checksum64 {
 public:
  /// Every part but the last is a multiple of 32 bytes.
  void add(std::span<const std::byte> bytes) noexcept;
  std::uint64_t value() const noexcept;

 private:
  std::uint64_t sums_[4] = {0x6a09e667f3bcc908u, 0xbb67ae8584caa73bu, 0x3c6ef372fe94f82bu, 0xa54ff53a5f1d36f1u};
  std::uint64_t size_ = 0;
};

std::uint64_t checksum64(std::span<const std::byte> bytes) noexcept;

}  // namespace fovea
