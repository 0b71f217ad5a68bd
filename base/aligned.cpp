// Memory in huge pages, or from the host.
#include "base/aligned.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <string>
#include <utility>

#include <fovea/error.h>
#include "base/huge_pages.h"

namespace fovea {

namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::align_val_t kAlign{kAlignment};

// Pages of ARM have 4, 16 or 64 KiB.
std::size_t whole_pages(std::size_t bytes) {
  static const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

thread_local std::pmr::memory_resource* host_memory = nullptr;

// A resource is the host's: what it throws, and what it gives, may be anything. libstdc++ promises the compiler that it
// is aligned and not null, and what is volatile keeps it from believing so.
void* take_from(std::pmr::memory_resource& resource, std::size_t bytes) {
  void* volatile given = nullptr;
  try {
    given = resource.allocate(bytes, kAlignment);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(std::string("the memory resource failed: ") + error.what());
  }
  void* const at = given;
  if (at == nullptr) throw std::bad_alloc();
  if (reinterpret_cast<std::uintptr_t>(at) % kAlignment != 0) {
    resource.deallocate(at, bytes, kAlignment);
    throw Error("the memory resource gave memory that is not aligned to " + std::to_string(kAlignment) + " bytes");
  }
  return at;
}

}  // namespace

MemoryScope::MemoryScope(std::pmr::memory_resource* resource) noexcept
    : before_(std::exchange(host_memory, resource)) {}
MemoryScope::~MemoryScope() { host_memory = before_; }

template <class T>
Aligned<T>::Aligned(std::int64_t size) : size_(size) {
  if (size <= 0) return;
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<std::size_t>(size), sizeof(T), &bytes) || bytes > PTRDIFF_MAX / 2) {
    throw std::bad_alloc();
  }
  if (host_memory != nullptr) {
    data_ = {static_cast<T*>(take_from(*host_memory, bytes)), Free{bytes, host_memory}};
  } else if (bytes >= kHugePage) {
    const std::size_t mapped = whole_pages(bytes);
    void* at = map_huge(mapped);
    if (at == nullptr) throw std::bad_alloc();
    data_ = {static_cast<T*>(at), Free{mapped, nullptr}};
    return;  // the system's pages are zero
  } else {
    data_ = {static_cast<T*>(::operator new(bytes, kAlign)), Free{bytes, nullptr}};
  }
  std::memset(static_cast<void*>(data_.get()), 0, bytes);
}

template <class T>
void Aligned<T>::Free::operator()(T* p) const noexcept {
  if (resource != nullptr) {
    resource->deallocate(p, bytes, kAlignment);
  } else if (bytes >= kHugePage) {
    munmap(p, bytes);
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
