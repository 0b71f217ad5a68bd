// Writing to a file descriptor until all is written, and on the disk.
#include "tools/common/files/write_all.h"

#include <unistd.h>

#include <cerrno>

namespace fovea::tools {

int write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int sync_all(int descriptor) noexcept {
  while (::fdatasync(descriptor) != 0) {
    if (errno != EINTR) return errno == EINVAL ? 0 : errno;
  }
  return 0;
}

}  // namespace fovea::tools
