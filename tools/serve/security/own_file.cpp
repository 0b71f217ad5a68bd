// Small files of the server's own.
#include "tools/serve/security/own_file.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fovea/error.h>

namespace fovea::tools {

OwnFile::OwnFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {
  const int reason = errno;
  if (descriptor_ < 0 && reason == ELOOP) {
    throw Error(path_ + ": is a symbolic link, which is not followed: name the file itself");
  }
  if (descriptor_ < 0) throw Error(path_ + ": " + std::strerror(reason));
  if (::fstat(descriptor_, &status_) == 0 && S_ISREG(status_.st_mode)) return;
  ::close(descriptor_);
  throw Error(path_ + ": is no regular file");
}

OwnFile::~OwnFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

OwnFile::OwnFile(OwnFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)), status_(other.status_) {}

std::string OwnFile::read(std::size_t largest) const {
  std::string text(largest + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::pread(descriptor_, text.data() + size, text.size() - size, static_cast<off_t>(size));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(path_ + ": " + std::strerror(errno));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > largest) throw Error(path_ + ": is larger than " + std::to_string(largest) + " bytes");
  text.resize(size);
  return text;
}

// Without waiting for the other end of a pipe.
OwnFile open_own_file(const std::string& path, int flags) {
  return {::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR), path};
}

OwnFile open_read_only(const std::string& path) {
  return {::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK), path};
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    throw Error("the system gives no random numbers");
  }
  return bytes;
}

}  // namespace fovea::tools
