// Reading a zip archive that may be hostile: members by name, with bounds on their number, size and compression.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loaders/bytes.h"
#include "loaders/io/raw_file.h"
#include "loaders/zip/directory.h"

namespace fovea::zip {

/// True if the file begins like a zip archive; false if it does not, or cannot be read.
bool is_archive(const std::string& path);
bool is_archive(const Bytes& image);

/// An archive open for reading.
class Archive {
 public:
  /// Throws Error: not an archive, damaged, with too many members.
  explicit Archive(const std::string& path);
  /// An archive in memory, called `path` in messages.
  Archive(const Bytes& image, const std::string& path);

  bool has(const std::string& name) const;
  /// Names of all members, in the archive's order.
  const std::vector<std::string>& names() const { return names_; }

  /// The content of a member. Throws Error: missing, there twice, larger than `most` bytes, compressed out of
  /// proportion, encrypted, damaged, on top of another.
  Bytes bytes(const std::string& name, std::uint64_t most) const;
  std::string text(const std::string& name, std::uint64_t most) const;

  /// Throws Error("<path>: <name>: <reason>").
  [[noreturn]] void fail(const std::string& name, const std::string& reason) const;

 private:
  void read_directory();
  const Member& find(const std::string& name) const;
  void check(const Member& member, std::uint64_t most) const;
  /// Where its content begins. Throws Refusal where its local header says otherwise than the directory.
  std::uint64_t find_content(const Member& member) const;
  Bytes read(const Member& member) const;

  std::string path_;
  std::uint64_t size_;  ///< of the whole file
  RawFile file_;
  std::vector<Member> members_;
  std::vector<std::string> names_;
};

}  // namespace fovea::zip
