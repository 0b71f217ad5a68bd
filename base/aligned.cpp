// Memory in huge pages.
#include "base/aligned.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

#include "base/huge_pages.h"

namespace fovea {

namespace {

constexpr std::align_val_t kAlign{64};
}  // namespace

template <class T>
Aligned<T>::Aligned(std::int64_t size) : size_(size) {
  if (size <= 0) return;
  constexpr std::size_t kPage = 4096;
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<std::size_t>(size), sizeof(T), &bytes) || bytes > PTRDIFF_MAX / 2) {
    throw std::bad_alloc();
  }
  if (bytes >= kHugePage) {
    const std::size_t mapped = (bytes + kPage - 1) / kPage * kPage;
    void* at = map_huge(mapped);
    if (at == nullptr) throw std::bad_alloc();
    data_ = {static_cast<T*>(at), Free{mapped}};
  } else {
    data_ = {static_cast<T*>(::operator new(bytes, kAlign)), Free{0}};
    std::uninitialized_fill_n(data_.get(), size, T{});
  }
}

template <class T>
void Aligned<T>::Free::operator()(T* p) const noexcept {
  if (mapped_bytes > 0) {
    munmap(p, mapped_bytes);
  } else {
    ::operator delete(p, kAlign);
  }
}

template <class T>
std::shared_ptr<T[]> Aligned<T>::share() && {
  size_ = 0;
  return std::move(data_);
}

template class Aligned<float>;
template class Aligned<std::byte>;

}  // namespace fovea
