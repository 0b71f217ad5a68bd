// Memory for weights and activations: floats aligned to a cache line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace fovea {

/// Owns `size` floats, 64-byte aligned, set to zero. Movable, not copyable.
class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(std::int64_t size) : size_(size) {
    if (size > 0) {
      data_.reset(static_cast<float*>(::operator new(static_cast<std::size_t>(size) * sizeof(float), kAlign)));
      std::uninitialized_fill_n(data_.get(), size, 0.0f);
    }
  }

  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  std::int64_t size() const { return size_; }

 private:
  static constexpr std::align_val_t kAlign{64};
  struct Free {
    void operator()(float* p) const { ::operator delete(p, kAlign); }
  };
  std::unique_ptr<float[], Free> data_;
  std::int64_t size_ = 0;
};

}  // namespace fovea
