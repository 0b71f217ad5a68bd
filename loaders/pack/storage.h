// Where the bytes of a pack file are: mapped, or in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace fovea::pack {

/// The bytes of a file, shared by all that point into them.
class Storage {
 public:
  /// Throws Error "PATH: reason": no regular file, cannot be read. Empty files are no error.
  static Storage open(const std::string& path, bool map);
  static Storage of(std::shared_ptr<const std::byte[]> data, std::size_t size);

  std::uint64_t size() const { return size_; }
  /// A copy of a part that lies within the file, which nobody can change any more. Throws Error if it cannot be read.
  std::shared_ptr<const std::byte[]> copy(std::uint64_t offset, std::size_t bytes) const;
  /// The values at an offset that is a multiple of 4 and within the file.
  std::shared_ptr<const float[]> floats(std::uint64_t offset) const;
  std::span<const std::byte> bytes(std::uint64_t offset, std::uint64_t size) const {
    return {data_.get() + offset, static_cast<std::size_t>(size)};
  }

 private:
  std::string path_;
  std::shared_ptr<int> descriptor_;  // of a mapped file
  std::shared_ptr<const std::byte[]> data_;
  std::uint64_t size_ = 0;
};

/// The first bytes of a regular file, fewer if it has fewer, none if it cannot be read.
std::string first_bytes(const std::string& path, std::size_t count);

}  // namespace fovea::pack
