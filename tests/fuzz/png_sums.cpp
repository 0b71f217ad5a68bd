// The checksums of a PNG, which are wrong after any mutation.
#include "tests/fuzz/png_sums.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace fovea::fuzz {

namespace {

constexpr std::array<std::uint8_t, 8> kSignature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
constexpr std::size_t kHead = 8, kSum = 4;  // length and type; checksum

std::size_t big_endian(std::span<const std::uint8_t> bytes) {
  return std::size_t{bytes[0]} << 24 | std::size_t{bytes[1]} << 16 | std::size_t{bytes[2]} << 8 | bytes[3];
}

}  // namespace

void set_png_sums(std::span<std::uint8_t> data) {
  if (data.size() < kSignature.size() || !std::equal(kSignature.begin(), kSignature.end(), data.begin())) return;
  data = data.subspan(kSignature.size());
  while (data.size() >= kHead + kSum) {
    const std::size_t length = big_endian(data.first(4));
    if (length > data.size() - kHead - kSum) return;
    const std::uint32_t sum = libdeflate_crc32(0, data.data() + 4, length + 4);
    for (std::size_t i = 0; i < kSum; ++i) data[kHead + length + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
    data = data.subspan(kHead + length + kSum);
  }
}

}  // namespace fovea::fuzz
