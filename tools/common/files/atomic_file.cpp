// A file that appears whole or not at all: written under a temporary name in its own folder, then renamed.
#include "tools/common/files/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fovea/error.h>
#include "text/text.h"
#include "tools/common/files/output_stream.h"
#include "tools/common/files/write_all.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBufferBytes = 1 << 16;

std::string system_reason(int error) { return std::generic_category().message(error); }

// The mode a plain open() would have given the file. umask can only be read by setting it, so it is read once: two
// threads doing so at a time could leave it at zero.
mode_t default_mode() {
  static const mode_t mask = [] {
    const mode_t current = ::umask(0);
    ::umask(current);
    return current;
  }();
  return 0666 & ~mask;
}

}  // namespace

void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

AtomicFile::AtomicFile(const fs::path& path) : path_(path) {
  std::error_code error;
  if (path_.filename().empty()) fail("names a folder, a file is needed");
  if (is_stream(path_)) {
    create(fs::temp_directory_path(error), path_.extension().string());
    return;
  }
  refuse_foreign_links(path_);
  target_ = fs::weakly_canonical(fs::absolute(path_, error), error);
  if (error) fail(error.message());
  const fs::path folder = target_.parent_path();
  const fs::file_status folder_status = fs::status(folder, error);
  if (folder_status.type() == fs::file_type::not_found) fail("its folder does not exist");
  if (!fs::is_directory(folder_status)) fail("its folder is no folder");

  mode_t mode = default_mode();
  struct stat existing {};
  if (::stat(target_.c_str(), &existing) == 0) {
    if (S_ISDIR(existing.st_mode)) fail("is a folder, a file is needed");
    if (::access(target_.c_str(), W_OK) != 0) fail("cannot be written: " + system_reason(errno));
    mode = existing.st_mode & 07777;
  }

  create(folder, target_.extension().string());
  ::fchmod(descriptor_, mode);
}

void AtomicFile::create(const fs::path& folder, const std::string& extension) {
  std::string name = (folder / (".fovea-XXXXXX" + extension)).string();
  descriptor_ = ::mkostemps(name.data(), static_cast<int>(extension.size()), O_CLOEXEC);
  if (descriptor_ < 0) fail("cannot be written: " + system_reason(errno));
  try {
    temporary_ = name;
  } catch (...) {  // no memory: nothing else will know that the file is there
    ::close(descriptor_);
    ::unlink(name.c_str());
    throw;
  }
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::fail(const std::string& reason) const { throw Error(printable(path_.string()) + ": " + reason); }

void AtomicFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) flush();
}

void AtomicFile::flush() {
  if (const int error = write_all(descriptor_, buffer_); error != 0) {
    fail("cannot be written: " + system_reason(error));
  }
  buffer_.clear();
}

void AtomicFile::finish() {
  if (descriptor_ < 0) return;
  flush();
  if (const int error = sync_all(descriptor_); error != 0) fail("cannot be written: " + system_reason(error));
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) fail("cannot be written: " + system_reason(errno));
}

void AtomicFile::publish() {
  finish();
  if (target_.empty()) {
    const int written = ::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC);
    if (written < 0) fail("cannot be written: " + system_reason(errno));
    try {
      copy_to_stream(written, path_);
    } catch (...) {
      ::close(written);
      throw;
    }
    ::close(written);
    return;
  }
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot be replaced: " + system_reason(errno));
  temporary_.clear();
  sync_folder(target_.parent_path());
}

}  // namespace fovea::tools
