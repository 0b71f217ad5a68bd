// The checksum sees every change of a byte, of the order and of the length, and is what it was.
#include "base/checksum64.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace fovea {
namespace {

std::uint64_t sum(const std::string& text) { return checksum64(std::as_bytes(std::span(text))); }

// Pack files hold such numbers; these come from the definition in docs/pack-file.md, written in Python.
TEST(Checksum64, StaysAsItIs) {
  EXPECT_EQ(sum(""), 9495081278925873256u);
  EXPECT_EQ(sum("fovea"), 1383336919808372854u);
  EXPECT_EQ(sum(std::string(1000, 'x')), 310438924217071728u);
}

TEST(Checksum64, ChangesWithEveryBit) {
  for (const std::size_t size : {1U, 7U, 8U, 31U, 32U, 33U, 100U}) {
    std::string text(size, 'a');
    std::set<std::uint64_t> sums{sum(text)};
    for (std::size_t bit = 0; bit < 8 * size; ++bit) {
      std::string other = text;
      other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
      sums.insert(sum(other));
    }
    EXPECT_EQ(sums.size(), 8 * size + 1);
  }
}

TEST(Checksum64, ChangesWithOrderAndLength) {
  std::set<std::uint64_t> sums;
  for (std::size_t size = 0; size < 200; ++size) sums.insert(sum(std::string(size, '\0')));
  EXPECT_EQ(sums.size(), 200U);
  std::string text;
  for (int i = 0; i < 128; ++i) text += static_cast<char>(i);
  for (std::size_t a = 0; a < 128; a += 8) {
    for (std::size_t b = 0; b < a; b += 8) {
      std::string other = text;
      for (std::size_t i = 0; i < 8; ++i) std::swap(other[a + i], other[b + i]);
      EXPECT_NE(sum(other), sum(text));
    }
  }
}

TEST(Checksum64, InPartsAsAtOnce) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += static_cast<char>(i * 7);
  const auto bytes = std::as_bytes(std::span(text));
  for (std::size_t cut = 0; cut <= text.size(); cut += 32) {
    Checksum64 parts;
    parts.add(bytes.first(cut));
    parts.add(bytes.subspan(cut));
    EXPECT_EQ(parts.value(), checksum64(bytes));
  }
}

}  // namespace
}  // namespace fovea
