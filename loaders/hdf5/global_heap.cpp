// Parsing of global heap collections.
#include "loaders/hdf5/global_heap.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace fovea::hdf5 {
namespace {

constexpr std::uint64_t kCollectionHeader = 16;  // "GCOL", version, 3 reserved, size
constexpr std::uint64_t kObjectHeader = 16;      // number, reference count, 4 reserved, size
constexpr std::uint64_t kMostObjects = 1'000'000;
constexpr const char* kDamaged = "the text heap is damaged";

std::uint64_t little_endian(const unsigned char* bytes, int count) {
  std::uint64_t value = 0;
  for (int i = count; i-- > 0;) value = (value << 8) | bytes[i];
  return value;
}

}  // namespace

GlobalHeap::GlobalHeap(const std::string& path, std::uint64_t base, std::uint64_t file_size)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), base_(base), file_size_(file_size) {}

GlobalHeap::~GlobalHeap() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void GlobalHeap::read(std::uint64_t offset, std::uint64_t size, void* out) const {
  if (offset > file_size_ || size > file_size_ - offset) throw std::runtime_error("text lies outside the file");
  for (std::uint64_t done = 0; done < size;) {
    const ssize_t got =
        ::pread(descriptor_, static_cast<char*>(out) + done, size - done, static_cast<off_t>(offset + done));
    if (got <= 0) throw std::runtime_error("the file cannot be read");
    done += static_cast<std::uint64_t>(got);
  }
}

const GlobalHeap::Collection& GlobalHeap::collection(std::uint64_t address) {
  const auto known = collections_.find(address);
  if (known != collections_.end()) return known->second;
  if (address > file_size_ - base_) throw std::runtime_error("text lies outside the file");
  const std::uint64_t begin = base_ + address;
  std::array<unsigned char, kCollectionHeader> header{};
  read(begin, header.size(), header.data());
  if (std::memcmp(header.data(), "GCOL", 4) != 0 || header[4] != 1) throw std::runtime_error(kDamaged);
  const std::uint64_t size = little_endian(&header[8], 8);
  if (size < kCollectionHeader || size > file_size_ - begin) throw std::runtime_error(kDamaged);

  Collection objects;
  std::uint64_t at = kCollectionHeader;
  std::array<unsigned char, kObjectHeader> object{};
  while (size - at >= kObjectHeader) {
    read(begin + at, object.size(), object.data());
    const auto number = static_cast<std::uint32_t>(little_endian(object.data(), 2));
    const std::uint64_t length = little_endian(&object[8], 8);
    if (number == 0) break;  // the free space at the end
    if (++objects_ > kMostObjects) throw std::runtime_error("the text heap has too many objects");
    if (length > size - at - kObjectHeader) throw std::runtime_error(kDamaged);
    objects[number] = {begin + at + kObjectHeader, length};
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
  if (found == objects.end() || length > found->second.size) throw std::runtime_error(kDamaged);
  std::string text(length, '\0');
  read(found->second.offset, length, text.data());
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

}  // namespace fovea::hdf5
