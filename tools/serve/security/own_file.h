// Small files of the server's own: keys, tokens, records. Where it writes, no symbolic link is followed.
#pragma once

#include <sys/stat.h>

#include <string>

namespace fovea::tools {

/// An open regular file.
class OwnFile {
 public:
  /// Takes the descriptor over; throws Error "PATH: reason" if it is no regular file, or negative.
  OwnFile(int descriptor, std::string path);
  ~OwnFile();
  OwnFile(OwnFile&& other) noexcept;
  OwnFile(const OwnFile&) = delete;
  OwnFile& operator=(const OwnFile&) = delete;

  int descriptor() const { return descriptor_; }
  const struct stat& status() const { return status_; }  ///< as it was when opened
  /// All of it. Throws Error if that is more than `largest` bytes.
  std::string read(std::size_t largest) const;

 private:
  int descriptor_;
  std::string path_;
  struct stat status_ {};
};

/// For writing, with `flags` of open(); created readable to its owner only. A symbolic link is refused, whoever made
/// it.
OwnFile open_own_file(const std::string& path, int flags);
OwnFile open_read_only(const std::string& path);

/// Throws Error if the system gives none.
std::string random_bytes(std::size_t count);

}  // namespace fovea::tools
