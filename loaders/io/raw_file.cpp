// Bytes of a file at given places.
#include "loaders/io/raw_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <utility>

namespace fovea {

std::uint64_t little_endian(const unsigned char* bytes, int count) {
  std::uint64_t value = 0;
  for (int i = count; i-- > 0;) value = (value << 8) | bytes[i];
  return value;
}

RawFile::RawFile(const std::string& path, std::uint64_t base, std::uint64_t size)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), base_(base), size_(size) {}

RawFile::RawFile(Bytes image, std::uint64_t base) : image_(std::move(image)), base_(base), size_(image_.size) {}

RawFile::~RawFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t RawFile::left(std::uint64_t address) const {
  return base_ > size_ || address > size_ - base_ ? 0 : size_ - base_ - address;
}

bool RawFile::read(std::uint64_t address, std::uint64_t size, void* out) const {
  if (size > left(address)) return false;
  if (size == 0) return true;  // `out` may then be null, which memcpy does not take
  if (image_.data != nullptr) {
    std::memcpy(out, image_.data.get() + base_ + address, size);
    return true;
  }
  for (std::uint64_t done = 0; done < size;) {
    const ssize_t got =
        ::pread(descriptor_, static_cast<char*>(out) + done, size - done, static_cast<off_t>(base_ + address + done));
    if (got <= 0) return false;
    done += static_cast<std::uint64_t>(got);
  }
  return true;
}

}  // namespace fovea
