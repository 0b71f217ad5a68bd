// Outputs that are no files to be replaced, and links that nobody should follow.
#include "tools/common/files/output_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <deque>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <fovea/error.h>
#include "text/text.h"
#include "tools/common/files/write_all.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_on(const fs::path& path, const std::string& reason) {
  throw Error(printable(path.string()) + ": " + reason);
}

[[noreturn]] void fail_to_write(const fs::path& path, int error) {
  fail_on(path, "cannot be written: " + std::generic_category().message(error));
}

// The descriptor of this process that a path names.
std::optional<int> named_descriptor(const fs::path& path) {
  const std::string name = path.string();
  if (name == "-" || name == "/dev/stdout") return STDOUT_FILENO;
  if (name == "/dev/stderr") return STDERR_FILENO;
  for (const std::string folder : {"/dev/fd/", "/proc/self/fd/"}) {
    int number = -1;
    if (!name.starts_with(folder)) continue;
    const auto [end, error] = std::from_chars(name.data() + folder.size(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size() && number >= 0) return number;
  }
  return std::nullopt;
}

}  // namespace

bool is_stream(const fs::path& path) {
  if (named_descriptor(path)) return true;
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

bool is_standard_output(const fs::path& path) { return named_descriptor(path) == STDOUT_FILENO; }

void copy_to_stream(int descriptor, const fs::path& path) {
  const std::optional<int> named = named_descriptor(path);
  const int stream = named ? *named : ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (stream < 0) fail_to_write(path, errno);
  std::vector<char> block(1 << 16);
  off_t at = 0;
  int error = 0;
  while (error == 0) {
    const ssize_t got = ::pread(descriptor, block.data(), block.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error = errno;
    if (got <= 0) break;
    error = write_all(stream, {block.data(), static_cast<std::size_t>(got)});
    at += got;
  }
  if (!named && ::close(stream) != 0 && error == 0) error = errno;
  if (error != 0) fail_to_write(path, error);
}

void refuse_foreign_links(const fs::path& path) {
  constexpr int kMostLinks = 40;  // as the kernel
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  std::deque<fs::path> left(whole.begin(), whole.end());
  fs::path walked = "/";
  for (int links = 0; !left.empty();) {
    const fs::path part = left.front();
    left.pop_front();
    if (part == "/" || part == "." || part.empty()) continue;
    if (part == "..") {
      walked = walked.parent_path();
      continue;
    }
    struct stat folder {
    }, entry{};
    const fs::path next = walked / part;
    if (::stat(walked.c_str(), &folder) != 0 || ::lstat(next.c_str(), &entry) != 0) return;  // nothing there to follow
    if (!S_ISLNK(entry.st_mode)) {
      walked = next;
      continue;
    }
    const bool everyones = (folder.st_mode & S_ISVTX) != 0 && (folder.st_mode & S_IWOTH) != 0;
    if (everyones && entry.st_uid != ::geteuid() && entry.st_uid != folder.st_uid) {
      fail_on(path, (next == whole ? "is" : "leads over") +
                        std::string(" another user's symbolic link in a folder that everyone can write to"));
    }
    if (++links > kMostLinks) fail_on(path, "has too many levels of symbolic links");
    const fs::path target = fs::read_symlink(next, error);
    if (error) return;
    if (target.is_absolute()) walked = "/";
    left.insert(left.begin(), target.begin(), target.end());
  }
}

}  // namespace fovea::tools
