// Three words are mixed with twelve bytes at a time; the rest, filled up with zeros, is mixed to the end.
#include "loaders/hdf5/io/lookup3.h"

#include <algorithm>
#include <array>
#include <bit>

#include "loaders/io/raw_file.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kBlock = 12;

struct Words {
  std::uint32_t a, b, c;

  void add(const unsigned char* block) {
    a += static_cast<std::uint32_t>(little_endian(block, 4));
    b += static_cast<std::uint32_t>(little_endian(block + 4, 4));
    c += static_cast<std::uint32_t>(little_endian(block + 8, 4));
  }
  void mix() {
    for (const int turn : {4, 6, 8, 16, 19, 4}) {
      // Each word in turn, a first, takes the one before it.
      a -= c;
      a ^= std::rotl(c, turn);
      c += b;
      *this = {b, c, a};
    }
  }
  void finish() {
    for (const int turn : {14, 11, 25, 16, 4, 14, 24}) {
      c ^= b;
      c -= std::rotl(b, turn);
      *this = {b, c, a};
    }
  }
};

}  // namespace

std::uint32_t lookup3(std::span<const unsigned char> bytes) {
  const auto start = 0xdeadbeefU + static_cast<std::uint32_t>(bytes.size());
  Words words{start, start, start};
  while (bytes.size() > kBlock) {
    words.add(bytes.data());
    words.mix();
    bytes = bytes.subspan(kBlock);
  }
  if (bytes.empty()) return words.c;
  std::array<unsigned char, kBlock> last{};
  std::copy(bytes.begin(), bytes.end(), last.begin());
  words.add(last.data());
  words.finish();
  return words.b;  // seven turns on, the last one's c
}

}  // namespace fovea::hdf5
