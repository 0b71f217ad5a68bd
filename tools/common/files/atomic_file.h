// A file that appears whole or not at all: written under a temporary name in its own folder, then renamed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace fovea::tools {

/// A new name is only durable once its folder is synced; "" is the current one. Some file systems refuse that; it is no
/// error.
void sync_folder(const std::filesystem::path& folder);

/// Writes to a temporary file beside the target; `publish` syncs it to disk and renames it over the target. Without
/// `publish` (an error, an exception, an interrupt) the temporary file is removed and an earlier target is untouched.
/// A target that is a symbolic link stays one: the file it points to is replaced, but never by another user's link in a
/// folder that everyone can write to. A target that is a stream (tools/common/files/output_stream.h) is written by
/// `publish`, from a temporary file elsewhere. All errors are fovea::Error "PATH: reason".
class AtomicFile {
 public:
  /// Creates the temporary file, so that a folder that is absent or cannot be written is found before any work is done.
  explicit AtomicFile(const std::filesystem::path& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view text);
  /// Everything written is on the disk. After this a full disk can no longer fail `publish`.
  void finish();
  void publish();

  const std::filesystem::path& path() const { return path_; }
  /// For libraries that open files by name; has the target's extension.
  const std::filesystem::path& temporary_path() const { return temporary_; }

 private:
  void flush();
  void create(const std::filesystem::path& folder, const std::string& extension);
  [[noreturn]] void fail(const std::string& reason) const;

  std::filesystem::path path_;       // as given, for messages
  std::filesystem::path target_;     // with links resolved; empty = a stream
  std::filesystem::path temporary_;  // empty once published
  std::string buffer_;
  int descriptor_ = -1;
};

}  // namespace fovea::tools
