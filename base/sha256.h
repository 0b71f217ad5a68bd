// SHA-256 (FIPS 180-4), a piece at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fovea {

/// The eight words of the state.
using Sha256State = std::array<std::uint32_t, 8>;

/// Takes `blocks` whole blocks of 64 bytes into the state.
using Sha256Blocks = void (*)(Sha256State& state, const unsigned char* data, std::size_t blocks) noexcept;

/// In plain C++.
void sha256_blocks(Sha256State& state, const unsigned char* data, std::size_t blocks) noexcept;
/// With the processor's instructions for it; null where it has none.
Sha256Blocks sha256_instructions() noexcept;

/// The hash of all bytes that were added.
class Sha256 {
 public:
  static constexpr std::size_t kBytes = 32;

  /// By the fastest way that this processor has; the other for tests.
  explicit Sha256(Sha256Blocks blocks = nullptr) noexcept;

  void add(const void* data, std::size_t size) noexcept;
  /// Ends it: nothing may be added afterwards.
  std::array<unsigned char, kBytes> digest() noexcept;
  /// The digest as 64 lower-case hexadecimal digits.
  std::string hex();

 private:
  static constexpr std::size_t kBlock = 64;

  Sha256Blocks blocks_;
  Sha256State state_;
  std::array<unsigned char, kBlock> rest_{};  ///< bytes that fill no block yet
  std::uint64_t size_ = 0;                    ///< of all that was added
};

/// The same of bytes that are all there.
std::string sha256_of(std::string_view bytes);

}  // namespace fovea
