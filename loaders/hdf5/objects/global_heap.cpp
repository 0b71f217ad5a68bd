// Parsing of global heap collections.
#include "loaders/hdf5/objects/global_heap.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "loaders/io/refusal.h"

namespace fovea::hdf5 {
namespace {

constexpr std::uint64_t kCollectionHeader = 16;  // "GCOL", version, 3 reserved, size
constexpr std::uint64_t kObjectHeader = 16;      // number, reference count, 4 reserved, size
constexpr std::uint64_t kMostObjects = 1'000'000;
constexpr const char* kOutside = "text lies outside the file";
constexpr const char* kDamagedHeap = "the text heap is damaged";

}  // namespace

const GlobalHeap::Collection& GlobalHeap::collection(std::uint64_t address) {
  const auto known = collections_.find(address);
  if (known != collections_.end()) return known->second;
  std::array<unsigned char, kCollectionHeader> header{};
  if (!file_.read(address, header.size(), header.data())) throw Refusal(kOutside);
  if (std::memcmp(header.data(), "GCOL", 4) != 0 || header[4] != 1) throw Refusal(kDamagedHeap);
  const std::uint64_t size = little_endian(&header[8], 8);
  if (size < kCollectionHeader || size > file_.left(address)) throw Refusal(kDamagedHeap);

  Collection objects;
  std::uint64_t at = kCollectionHeader;
  std::array<unsigned char, kObjectHeader> object{};
  while (size - at >= kObjectHeader) {
    if (!file_.read(address + at, object.size(), object.data())) throw Refusal(kOutside);
    const auto number = static_cast<std::uint32_t>(little_endian(object.data(), 2));
    const std::uint64_t length = little_endian(&object[8], 8);
    if (number == 0) break;  // the free space at the end
    if (++objects_ > kMostObjects) throw Refusal("the text heap has too many objects");
    if (length > size - at - kObjectHeader) throw Refusal(kDamagedHeap);
    objects[number] = {address + at + kObjectHeader, length};
    const std::uint64_t padded = (length + 7) / 8 * 8;
    at += kObjectHeader + std::min(padded, size - at - kObjectHeader);
  }
  return collections_.emplace(address, std::move(objects)).first->second;
}

std::string GlobalHeap::text(const unsigned char* reference) {
  const std::uint64_t length = little_endian(reference, 4);
  const std::uint64_t address = little_endian(reference + 4, 8);
  const auto number = static_cast<std::uint32_t>(little_endian(reference + 12, 4));
  if (length == 0) return "";
  const auto& objects = collection(address);
  const auto found = objects.find(number);
  if (found == objects.end() || length > found->second.size) throw Refusal(kDamagedHeap);
  std::string text(length, '\0');
  if (!file_.read(found->second.address, length, text.data())) throw Refusal(kOutside);
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

}  // namespace fovea::hdf5
