// Numbers and texts out of bytes that nobody vouches for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>

#include <fovea/error.h>

namespace fovea::pack {

/// Reads front to back; throws Error "PLACE at byte N: reason" rather than read beyond the end.
class ByteReader {
 public:
  ByteReader(std::span<const std::byte> bytes, std::string place) : bytes_(bytes), place_(std::move(place)) {}

  template <class T>
  T number() {
    static_assert(std::is_arithmetic_v<T>);
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  /// A number of things that follow, each of at least so many bytes.
  std::size_t count(std::size_t least_bytes) {
    const std::size_t n = number<std::uint32_t>();
    if (n > left() / least_bytes) {
      fail(std::to_string(n) + " things of " + std::to_string(least_bytes) + " bytes or more, " +
           std::to_string(left()) + " bytes follow");
    }
    return n;
  }
  std::string text() {
    const std::span<const std::byte> chars = take(count(1));
    return {reinterpret_cast<const char*>(chars.data()), chars.size()};
  }
  bool boolean() {
    const auto value = number<std::uint8_t>();
    if (value > 1) fail("a truth value of " + std::to_string(value));
    return value == 1;
  }
  std::size_t left() const { return bytes_.size() - at_; }
  void expect_end() const {
    if (left() > 0) fail(std::to_string(left()) + " bytes too many");
  }
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(place_ + " at byte " + std::to_string(at_) + ": " + reason);
  }

 private:
  std::span<const std::byte> take(std::size_t size) {
    if (size > left()) fail("ends within a value");
    at_ += size;
    return bytes_.subspan(at_ - size, size);
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::string place_;
};

}  // namespace fovea::pack
