// SHA-256 in plain C++, and what all ways share: the padding, and the choice.
#include "base/sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/sha256_constants.h"

namespace fovea {
namespace {

constexpr Sha256State kStart{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

std::uint32_t big_endian_word(const unsigned char* bytes) noexcept {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

/// One word of the schedule from the sixteen before it, a ring.
std::uint32_t next_word(std::uint32_t* w, int t) noexcept {
  const std::uint32_t before = w[(t + 1) % 16], last = w[(t + 14) % 16];
  const std::uint32_t s0 = std::rotr(before, 7) ^ std::rotr(before, 18) ^ (before >> 3);
  const std::uint32_t s1 = std::rotr(last, 17) ^ std::rotr(last, 19) ^ (last >> 10);
  return w[t % 16] += s0 + w[(t + 9) % 16] + s1;
}

void add_block(Sha256State& state, const unsigned char* data) noexcept {
  std::uint32_t w[16];
  for (int t = 0; t < 16; ++t) w[t] = big_endian_word(data + 4 * t);
  std::uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  std::uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  const auto round = [&](std::uint32_t added) {
    const std::uint32_t sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const std::uint32_t sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const std::uint32_t choice = g ^ (e & (f ^ g)), majority = (a & b) | (c & (a | b));
    const std::uint32_t t1 = h + sum1 + choice + added;
    h = g, g = f, f = e, e = d + t1;
    d = c, c = b, b = a, a = t1 + sum0 + majority;
  };
  // Unrolled, the words change their places by name only, and the ring's indices are constants.
#pragma GCC unroll 16
  for (int t = 0; t < 16; ++t) round(kSha256Rounds[t] + w[t]);
  for (int t = 16; t < 64; t += 16) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) round(kSha256Rounds[t + i] + next_word(w, i));
  }
  const Sha256State added{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += added[i];
}

}  // namespace

void sha256_blocks(Sha256State& state, const unsigned char* data, std::size_t blocks) noexcept {
  for (std::size_t i = 0; i < blocks; ++i) add_block(state, data + 64 * i);
}

Sha256::Sha256(Sha256Blocks blocks) noexcept : blocks_(blocks), state_(kStart) {
  if (blocks_ == nullptr) blocks_ = sha256_instructions();
  if (blocks_ == nullptr) blocks_ = sha256_blocks;
}

void Sha256::add(const void* data, std::size_t size) noexcept {
  if (size == 0) return;
  const auto* bytes = static_cast<const unsigned char*>(data);
  const std::size_t held = size_ % kBlock;
  size_ += size;
  if (held > 0) {
    const std::size_t taken = std::min(size, kBlock - held);
    std::memcpy(&rest_[held], bytes, taken);
    bytes += taken;
    size -= taken;
    if (held + taken < kBlock) return;
    blocks_(state_, rest_.data(), 1);
  }
  blocks_(state_, bytes, size / kBlock);
  if (size % kBlock > 0) std::memcpy(rest_.data(), bytes + size / kBlock * kBlock, size % kBlock);
}

std::array<unsigned char, Sha256::kBytes> Sha256::digest() noexcept {
  constexpr std::size_t kLength = 8;  // the number of bits stands at the end of the last block
  const std::uint64_t bits = 8 * size_;
  const std::size_t held = size_ % kBlock;
  unsigned char end[2 * kBlock] = {0x80};
  const std::size_t size = (held < kBlock - kLength ? kBlock : 2 * kBlock) - held;
  for (std::size_t i = 0; i < kLength; ++i) end[size - 1 - i] = static_cast<unsigned char>(bits >> (8 * i));
  add(end, size);

  std::array<unsigned char, kBytes> out{};
  for (std::size_t i = 0; i < kBytes; ++i) out[i] = static_cast<unsigned char>(state_[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

std::string Sha256::hex() {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * kBytes);
  for (const unsigned char byte : digest()) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string sha256_of(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes.data(), bytes.size());
  return hash.hex();
}

}  // namespace fovea
