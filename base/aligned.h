// Memory for weights and activations: aligned to a cache line, in huge pages where it fills some.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>

namespace fovea {

/// While one lives, what this thread makes comes from the host's memory resource, if there is one; it goes back there
/// whichever thread frees it, and whenever.
class MemoryScope {
 public:
  explicit MemoryScope(std::pmr::memory_resource* resource) noexcept;
  ~MemoryScope();
  MemoryScope(const MemoryScope&) = delete;
  MemoryScope& operator=(const MemoryScope&) = delete;

 private:
  std::pmr::memory_resource* before_;
};

/// Owns `size` values of a plain type, 64-byte aligned, all bits zero. Movable, not copyable. Throws std::bad_alloc,
/// and Error if a host's memory resource fails otherwise.
///
/// From 2 MiB on the memory comes straight from the system, in huge pages if it grants them: a run walks through all
/// weights, and with small pages it would wait for the page table instead. It goes back to the system at once when it
/// is freed.
template <class T>
class Aligned {
 public:
  Aligned() = default;
  explicit Aligned(std::int64_t size);

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  std::int64_t size() const { return size_; }
  std::int64_t bytes() const { return size_ * static_cast<std::int64_t>(sizeof(T)); }

  /// The memory as a shared pointer; this object is empty afterwards.
  std::shared_ptr<T[]> share() &&;

 private:
  struct Free {
    std::size_t bytes;
    std::pmr::memory_resource* resource;  // nullptr: mapped, if they fill a huge page, or from operator new
    void operator()(T* p) const noexcept;
  };
  std::unique_ptr<T[], Free> data_{nullptr, Free{0, nullptr}};
  std::int64_t size_ = 0;
};

using AlignedFloats = Aligned<float>;
using AlignedBytes = Aligned<std::byte>;
extern template class Aligned<float>;
extern template class Aligned<std::byte>;

}  // namespace fovea
