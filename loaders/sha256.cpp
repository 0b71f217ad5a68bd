// SHA-256 of a file, read in blocks.
#include "loaders/sha256.h"

#include <fstream>
#include <vector>

#include <fovea/error.h>
#include "base/sha256.h"

namespace fovea::keras {
namespace {

constexpr std::size_t kHashedAtOnce = std::size_t{1} << 18;

std::string hash_file(const std::string& path, const std::stop_token& stop) {
  Sha256 hash;
  std::ifstream in;
  in.rdbuf()->pubsetbuf(nullptr, 0);  // the block below is buffer enough
  in.open(path, std::ios::binary);
  std::vector<char> block(kHashedAtOnce);
  while (in && !stop.stop_requested()) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    hash.add(block.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (!in.eof() && !stop.stop_requested()) throw Error(path + ": cannot be read to its end");
  return hash.hex();
}

}  // namespace

// Either policy: where no thread can be had, get() does the work.
FileHash::FileHash(const std::string& path)
    : result_(std::async(std::launch::async | std::launch::deferred, hash_file, path, stop_.get_token())) {}

FileHash::~FileHash() { stop_.request_stop(); }

std::string FileHash::get() { return result_.get(); }

}  // namespace fovea::keras
