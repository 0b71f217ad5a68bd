#include "bindings/c/handles.h"

#include <array>
#include <atomic>

namespace fovea::c {
namespace {

// A handle, from its lowest bit: place in the table, kind, how often the place was used before, and a highest bit of 1:
// no address of a program's own memory on 64 bits, and never NULL.
constexpr int kPlaceBits = 16, kKindBits = 4, kBits = 8 * sizeof(std::uintptr_t);
constexpr std::uintptr_t kPlaces = std::uintptr_t{1} << kPlaceBits;
constexpr std::uintptr_t kKindMask = ((std::uintptr_t{1} << kKindBits) - 1) << kPlaceBits;
constexpr std::uintptr_t kOneUse = std::uintptr_t{1} << (kPlaceBits + kKindBits);
constexpr std::uintptr_t kMark = std::uintptr_t{1} << (kBits - 1);

struct Place {
  std::atomic<std::uintptr_t> handle;  // with the kind `none` while it is free
  std::atomic<void*> object;
  std::atomic<std::uint32_t> next_free;
};

// Place 0 stands for "none". Memory of places that were never used is never touched.
std::array<Place, kPlaces> g_places;
std::atomic<std::uint32_t> g_used{1};
// The list of free places: its first, and above it a count of changes, without which a place that was taken and put
// back in the meantime would look like one that never left.
std::atomic<std::uint64_t> g_free{0};
std::atomic<std::size_t> g_live{0};

std::uintptr_t place_of(std::uintptr_t handle) { return handle & (kPlaces - 1); }

std::uint64_t with_first(std::uint64_t list, std::uint64_t first) { return (((list >> 32) + 1) << 32) | first; }

std::uintptr_t free_place() {
  std::uint64_t list = g_free.load();
  while ((list & 0xffffffff) != 0) {
    const std::uint64_t first = list & 0xffffffff;
    if (g_free.compare_exchange_weak(list, with_first(list, g_places[first].next_free.load()))) return first;
  }
  std::uint32_t used = g_used.load();
  while (used < kPlaces) {
    if (g_used.compare_exchange_weak(used, used + 1)) return used;
  }
  return 0;
}

void give_back(std::uintptr_t place) {
  std::uint64_t list = g_free.load();
  do {
    g_places[place].next_free.store(static_cast<std::uint32_t>(list & 0xffffffff));
  } while (!g_free.compare_exchange_weak(list, with_first(list, place)));
}

std::uintptr_t number_of(const void* handle) { return reinterpret_cast<std::uintptr_t>(handle); }

bool is_of(Kind kind, std::uintptr_t handle) {
  return (handle & kKindMask) == static_cast<std::uintptr_t>(kind) << kPlaceBits && (handle & kMark) != 0;
}

}  // namespace

void* add_handle(Kind kind, void* object) noexcept {
  const std::uintptr_t place = free_place();
  if (place == 0) return nullptr;
  g_places[place].object.store(object);
  const std::uintptr_t uses = g_places[place].handle.load() & ~(kKindMask | (kPlaces - 1));
  const std::uintptr_t handle = uses | kMark | static_cast<std::uintptr_t>(kind) << kPlaceBits | place;
  g_places[place].handle.store(handle);
  ++g_live;
  return reinterpret_cast<void*>(handle);  // NOLINT(performance-no-int-to-ptr): never followed
}

void* find_handle(Kind kind, const void* handle) noexcept {
  const std::uintptr_t number = number_of(handle);
  const Place& place = g_places[place_of(number)];
  if (!is_of(kind, number) || place.handle.load(std::memory_order_acquire) != number) return nullptr;
  return place.object.load(std::memory_order_relaxed);
}

void* take_handle(Kind kind, const void* handle) noexcept {
  std::uintptr_t number = number_of(handle);
  if (!is_of(kind, number)) return nullptr;
  Place& place = g_places[place_of(number)];
  void* object = place.object.load();
  if (!place.handle.compare_exchange_strong(number, (number & ~kKindMask) + kOneUse)) return nullptr;
  --g_live;
  give_back(place_of(number));
  return object;
}

std::size_t live_handles() noexcept { return g_live.load(); }

}  // namespace fovea::c
