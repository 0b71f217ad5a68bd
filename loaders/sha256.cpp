// SHA-256 of a file, read in blocks.
#include "loaders/sha256.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include <fovea/error.h>
#include "base/load_scope.h"
#include "base/sha256.h"

namespace fovea::keras {
namespace {

constexpr std::size_t kHashedAtOnce = std::size_t{1} << 18;

std::string hash_file(const std::string& path, const std::stop_token& stop) {
  Sha256 hash;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::vector<char> block(kHashedAtOnce);
  ssize_t got = file < 0 ? -1 : 1;
  while (got > 0 && !stop.stop_requested() && !LoadScope::cancel().cancelled()) {
    got = ::read(file, block.data(), block.size());
    if (got > 0) hash.add(block.data(), static_cast<std::size_t>(got));
  }
  if (file >= 0) ::close(file);
  LoadScope::check_cancelled();
  if (got < 0) throw Error(path + ": cannot be read to its end");
  return hash.hex();
}

std::string hash_bytes(const Bytes& image, const std::stop_token& stop) {
  Sha256 hash;
  for (std::size_t done = 0; done < image.size && !stop.stop_requested();) {
    LoadScope::check_cancelled();
    const std::size_t now = std::min(kHashedAtOnce, image.size - done);
    hash.add(image.data.get() + done, now);
    done += now;
  }
  return hash.hex();
}

// Where no thread can be had, or none may be started, get() does the work.
std::launch policy() {
  const auto later = std::launch::deferred;
  return LoadScope::may_start_threads() ? std::launch::async | later : later;
}

}  // namespace

FileHash::FileHash(const std::string& path) : result_(std::async(policy(), hash_file, path, stop_.get_token())) {}

FileHash::FileHash(const Bytes& image) : result_(std::async(policy(), hash_bytes, image, stop_.get_token())) {}

FileHash::~FileHash() { stop_.request_stop(); }

std::string FileHash::get() { return result_.get(); }

}  // namespace fovea::keras
