// Takes the parts of a structure one after the other.
#pragma once

#include <cstdint>
#include <span>

#include "loaders/io/raw_file.h"
#include "loaders/io/refusal.h"

namespace fovea {

class Cursor {
 public:
  /// `damage` is what a Refusal says once a part is longer than what is left; it must live as long.
  Cursor(std::span<const unsigned char> bytes, const char* damage) : left_(bytes), damage_(damage) {}

  std::size_t left() const { return left_.size(); }
  /// Of at most 8 bytes, little-endian.
  std::uint64_t number(std::size_t size) { return little_endian(take(size).data(), static_cast<int>(size)); }
  std::span<const unsigned char> take(std::uint64_t size) {
    if (size > left_.size()) fail();
    const auto front = left_.first(static_cast<std::size_t>(size));
    left_ = left_.subspan(static_cast<std::size_t>(size));
    return front;
  }
  void require(bool holds) const {
    if (!holds) fail();
  }
  [[noreturn]] void fail() const { throw Refusal(damage_); }

 private:
  std::span<const unsigned char> left_;
  const char* damage_;
};

}  // namespace fovea
