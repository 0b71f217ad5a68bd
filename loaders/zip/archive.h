// Reading a zip archive that may be hostile: members by name, with bounds on their number, size and compression.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "loaders/bytes.h"

struct zip;

namespace fovea::zip {

/// True if the file begins like a zip archive; false if it does not, or cannot be read.
bool is_archive(const std::string& path);

/// An archive open for reading.
class Archive {
 public:
  /// Throws Error: not an archive, damaged, with too many members.
  explicit Archive(const std::string& path);

  bool has(const std::string& name) const;
  /// Names of all members, in the archive's order.
  const std::vector<std::string>& names() const { return names_; }

  /// The content of a member. Throws Error: missing, there twice, larger than `most` bytes, compressed out of
  /// proportion, encrypted, damaged.
  Bytes bytes(const std::string& name, std::uint64_t most) const;
  std::string text(const std::string& name, std::uint64_t most) const;

  /// Throws Error("<path>: <name>: <reason>").
  [[noreturn]] void fail(const std::string& name, const std::string& reason) const;

 private:
  struct Close {
    void operator()(::zip* archive) const noexcept;
  };

  std::string path_;
  std::uint64_t size_;  ///< of the whole file
  std::unique_ptr<::zip, Close> archive_;
  std::vector<std::string> names_;
};

}  // namespace fovea::zip
