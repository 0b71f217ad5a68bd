// SHA-256, by each way that this processor has, against NIST's examples and what Python's hashlib says.
#include "base/sha256.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace fovea::test {
namespace {

std::vector<Sha256Blocks> all_ways() {
  std::vector<Sha256Blocks> ways{sha256_blocks};
  if (sha256_instructions() != nullptr) {
    ways.push_back(sha256_instructions());
  } else {
    std::printf("this processor has no instructions for SHA-256: tried in plain C++ only\n");
  }
  return ways;
}

std::string hex_of(Sha256Blocks way, const std::string& text) {
  Sha256 hash(way);
  hash.add(text.data(), text.size());
  return hash.hex();
}

// FIPS 180-4's examples and SHA256ShortMsg's first.
TEST(Sha256, OfNistsExamples) {
  const std::pair<std::string, const char*> examples[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrst"
       "u",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
  for (const Sha256Blocks way : all_ways()) {
    for (const auto& [text, expected] : examples) EXPECT_EQ(hex_of(way, text), expected) << text.size() << " bytes";
  }
  EXPECT_EQ(sha256_of("abc"), examples[1].second);
}

// SHA256Monte of NIST's validation system: each digest is the hash of the three before it.
TEST(Sha256, OfNistsMonteCarloTest) {
  std::array<unsigned char, Sha256::kBytes> seed{0x6d, 0x1e, 0x72, 0xad, 0x03, 0xdd, 0xeb, 0x5d, 0xe8, 0x91, 0xe5,
                                                 0x72, 0xe2, 0x39, 0x6f, 0x8d, 0xa0, 0x15, 0xd8, 0x99, 0xef, 0x0e,
                                                 0x79, 0x50, 0x31, 0x52, 0xd6, 0x01, 0x0a, 0x3f, 0xe6, 0x91};
  constexpr unsigned char kFirst[] = {0xe9, 0x3c, 0x33, 0x0a, 0xe5, 0x44, 0x77, 0x38};
  for (const Sha256Blocks way : all_ways()) {
    std::array<std::array<unsigned char, Sha256::kBytes>, 3> last{seed, seed, seed};
    for (int i = 0; i < 1000; ++i) {
      Sha256 hash(way);
      for (const auto& digest : last) hash.add(digest.data(), digest.size());
      last = {last[1], last[2], hash.digest()};
    }
    EXPECT_EQ(std::memcmp(last[2].data(), kFirst, sizeof kFirst), 0);
  }
}

// The hash of the hashes of all lengths, each added in pieces. hashlib's, of bytes((i*i+i//7)&255 for i in
// range(1000)).
TEST(Sha256, OfAnyLengthInAnyPieces) {
  std::string data;
  for (unsigned i = 0; i < 1000; ++i) data += static_cast<char>(i * i + i / 7);
  for (const Sha256Blocks way : all_ways()) {
    Sha256 all(way);
    for (std::size_t n = 0; n <= data.size(); ++n) {
      Sha256 hash(way);
      std::size_t done = 0;
      for (std::size_t piece = n % 67 + 1; done < n; piece = piece * 5 % 131 + 1) {
        hash.add(&data[done], std::min(piece, n - done));
        hash.add(nullptr, 0);
        done += std::min(piece, n - done);
      }
      const auto digest = hash.digest();
      all.add(digest.data(), digest.size());
    }
    EXPECT_EQ(all.hex(), "926f942745a82eb2ad050be8a0f0611eaadb2e3cbe7c7cfd6ac9943ca09638d6");
  }
}

}  // namespace
}  // namespace fovea::test
