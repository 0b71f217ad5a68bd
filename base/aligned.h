// Memory for weights and activations: floats aligned to a cache line, in huge pages where they fill some.
#pragma once

#include <cstdint>
#include <memory>

namespace fovea {

/// Owns `size` floats, 64-byte aligned, set to zero. Movable, not copyable. Throws std::bad_alloc.
///
/// From 2 MiB on the memory comes straight from the system, in huge pages if it grants them: a run walks through all
/// weights, and with small pages it would wait for the page table instead. It goes back to the system at once when it
/// is freed.
class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(std::int64_t size);

  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  std::int64_t size() const { return size_; }

  /// The memory as a shared pointer; this object is empty afterwards.
  std::shared_ptr<float[]> share() &&;

 private:
  struct Free {
    std::size_t mapped_bytes;  // 0: from operator new
    void operator()(float* p) const noexcept;
  };
  std::unique_ptr<float[], Free> data_{nullptr, Free{0}};
  std::int64_t size_ = 0;
};

}  // namespace fovea
