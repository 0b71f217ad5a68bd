// Opening, mapping and reading.
#include "loaders/pack/storage.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fovea/error.h>
#include "base/aligned.h"
#include "loaders/pack/format.h"

namespace fovea::pack {

namespace {

std::string reason(int error) { return std::generic_category().message(error); }

// Without waiting, where the name is a pipe's.
std::shared_ptr<int> open_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) throw Error(path + ": cannot be opened: " + reason(errno));
  return {new int(descriptor), [](const int* open) {
            ::close(*open);
            delete open;
          }};
}

std::uint64_t regular_size(int descriptor, const std::string& path) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw Error(path + ": cannot be read: " + reason(errno));
  if (!S_ISREG(status.st_mode)) throw Error(path + ": not a regular file");
  return static_cast<std::uint64_t>(status.st_size);
}

// False at the file's end.
bool read_at(int descriptor, std::byte* to, std::size_t bytes, std::uint64_t offset) {
  while (bytes > 0) {
    const ssize_t got =
        ::pread(descriptor, to, std::min<std::size_t>(bytes, std::size_t{1} << 30), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      if (got == 0) errno = 0;
      return false;
    }
    to += got;
    bytes -= static_cast<std::size_t>(got);
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

std::shared_ptr<std::byte[]> memory(std::size_t bytes) {
  return AlignedBytes(static_cast<std::int64_t>(bytes)).share();
}

std::shared_ptr<const std::byte[]> read_part(int descriptor, const std::string& path, std::uint64_t offset,
                                             std::size_t bytes) {
  std::shared_ptr<std::byte[]> part = memory(bytes);
  if (!read_at(descriptor, part.get(), bytes, offset)) {
    throw Error(path + ": " + (errno == 0 ? "became shorter while it was read" : "cannot be read: " + reason(errno)));
  }
  return part;
}

}  // namespace

Storage Storage::open(const std::string& path, bool map) {
  Storage storage;
  storage.path_ = path;
  std::shared_ptr<int> descriptor = open_file(path);
  storage.size_ = regular_size(*descriptor, path);
  const std::size_t size = static_cast<std::size_t>(storage.size_);
  if (map && size > 0) {
    // Read-only and shared: the pages are those of the page cache, whatever other processes do.
    void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, *descriptor, 0);
    if (mapped != MAP_FAILED) {
      storage.data_ = {static_cast<const std::byte*>(mapped),
                       [size](const std::byte* data) { ::munmap(const_cast<std::byte*>(data), size); }};
      storage.descriptor_ = std::move(descriptor);
      return storage;
    }
    if (errno != ENODEV && errno != EACCES) throw Error(path + ": cannot be mapped: " + reason(errno));
  }
  storage.data_ = read_part(*descriptor, path, 0, size);  // also where the file system maps nothing
  return storage;
}

Storage Storage::of(std::shared_ptr<const std::byte[]> data, std::size_t size) {
  Storage storage;
  storage.size_ = data == nullptr ? 0 : size;
  if (reinterpret_cast<std::uintptr_t>(data.get()) % kLine == 0) {
    storage.data_ = std::move(data);
    return storage;
  }
  std::shared_ptr<std::byte[]> copy = memory(size);
  std::copy_n(data.get(), size, copy.get());
  storage.data_ = std::move(copy);
  return storage;
}

std::shared_ptr<const std::byte[]> Storage::copy(std::uint64_t offset, std::size_t bytes) const {
  if (descriptor_ == nullptr) return {data_, data_.get() + offset};
  return read_part(*descriptor_, path_, offset, bytes);
}

std::shared_ptr<const float[]> Storage::floats(std::uint64_t offset) const {
  return {data_, reinterpret_cast<const float*>(data_.get() + offset)};
}

std::string first_bytes(const std::string& path, std::size_t count) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return "";
  struct stat status {};
  std::string bytes;
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
    bytes.resize(count);
    const ssize_t got = ::pread(descriptor, bytes.data(), count, 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  }
  ::close(descriptor);
  return bytes;
}

}  // namespace fovea::pack
