// Float buffers that notice a kernel reading or writing where it must not.
#pragma once

#include <cstdint>
#include <span>

namespace fovea::test {

/// `count` floats, a guard of at least 16 floats before them, and unmapped pages on both sides: a read or write past
/// the end faults. Everything starts as one particular NaN (the canary), so that reading a value nobody set shows in
/// the result, and a write outside the described outputs is found by untouched(). `behind` floats of guard may be put
/// between the end of the data and the unmapped page, which also shifts the alignment.
class Buffer {
 public:
  explicit Buffer(std::int64_t count, std::int64_t behind = 0);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  float* data() { return data_; }
  const float* data() const { return data_; }
  std::int64_t size() const { return count_; }
  std::span<float> values() { return {data_, static_cast<std::size_t>(count_)}; }
  float& operator[](std::int64_t i) { return data_[i]; }
  float operator[](std::int64_t i) const { return data_[i]; }

  /// True if value i still is the canary.
  bool untouched(std::int64_t i) const;
  /// True if the guards before and behind the data are whole.
  bool guards_whole() const;
  /// Number of values that are no longer the canary.
  std::int64_t touched() const;

 private:
  char* mapping_;
  std::size_t mapped_bytes_;
  float *begin_, *end_;  // guard, data, guard
  float* data_;
  std::int64_t count_;
};

}  // namespace fovea::test
