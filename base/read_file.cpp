// Small files, read whole.
#include "base/read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace fovea {

std::optional<std::string> read_start(const std::string& path, std::size_t most) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::string text;
  bool good = true;
  for (bool end = false; good && !end && text.size() < most;) {
    char block[4096];
    const ssize_t got = ::read(file, block, std::min(sizeof block, most - text.size()));
    if (got > 0) text.append(block, static_cast<std::size_t>(got));
    end = got == 0;
    good = got >= 0 || errno == EINTR;
  }
  ::close(file);
  return good ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace fovea
