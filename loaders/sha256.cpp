// SHA-256 of a file, read in blocks.
#include "loaders/sha256.h"

#include <fcntl.h>
#include <unistd.h>

#include <vector>

#include <fovea/error.h>
#include "base/sha256.h"

namespace fovea::keras {
namespace {

constexpr std::size_t kHashedAtOnce = std::size_t{1} << 18;

std::string hash_file(const std::string& path, const std::stop_token& stop) {
  Sha256 hash;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::vector<char> block(kHashedAtOnce);
  ssize_t got = file < 0 ? -1 : 1;
  while (got > 0 && !stop.stop_requested()) {
    got = ::read(file, block.data(), block.size());
    if (got > 0) hash.add(block.data(), static_cast<std::size_t>(got));
  }
  if (file >= 0) ::close(file);
  if (got < 0) throw Error(path + ": cannot be read to its end");
  return hash.hex();
}

}  // namespace

// Either policy: where no thread can be had, get() does the work.
FileHash::FileHash(const std::string& path)
    : result_(std::async(std::launch::async | std::launch::deferred, hash_file, path, stop_.get_token())) {}

FileHash::~FileHash() { stop_.request_stop(); }

std::string FileHash::get() { return result_.get(); }

}  // namespace fovea::keras
