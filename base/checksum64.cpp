// The first words are the fractions of the square roots of 2, 3, 5 and 7, the factors are odd and have half of their
// bits set.
#include "base/checksum64.h"

#include <algorithm>
#include <cstring>

namespace fovea {

namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t), kStep = 4 * kWord;

// Each part can be undone: odd factors have an inverse, and so has a number that its own upper half was put into. One
// multiplication alone would leave a change of the topmost bit a change of one bit, which another could take back.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
  x *= 0x9e3779b97f4a7c15u;
  return (x ^ (x >> 32)) * 0xd1b54a32d192ed03u;
}

}  // namespace

void Checksum64::add(std::span<const std::byte> bytes) noexcept {
  size_ += bytes.size();
  while (!bytes.empty()) {
    std::uint64_t words[4] = {};
    const std::size_t count = std::min(kStep, bytes.size());
    std::memcpy(words, bytes.data(), count);
    for (std::size_t i = 0; i < 4; ++i) sums_[i] = mixed(sums_[i] ^ words[i]);
    bytes = bytes.subspan(count);
  }
}

std::uint64_t Checksum64::value() const noexcept {
  std::uint64_t all = mixed(size_);
  for (const std::uint64_t sum : sums_) all = mixed(all ^ sum);
  return all ^ (all >> 32);
}

std::uint64_t checksum64(std::span<const std::byte> bytes) noexcept {
  Checksum64 sum;
  sum.add(bytes);
  return sum.value();
}

}  // namespace fovea
