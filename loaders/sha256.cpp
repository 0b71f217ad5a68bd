// SHA-256 of a file with OpenSSL.
#include "loaders/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <vector>

#include <fovea/error.h>

namespace fovea::keras {
namespace {

constexpr std::size_t kHashedAtOnce = std::size_t{1} << 18;

std::string hash_file(const std::string& path, const std::stop_token& stop) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (context == nullptr || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) {
    throw Error(path + ": SHA-256 is not available");
  }
  std::ifstream in;
  in.rdbuf()->pubsetbuf(nullptr, 0);  // the block below is buffer enough
  in.open(path, std::ios::binary);
  std::vector<char> block(kHashedAtOnce);
  while (in && !stop.stop_requested()) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (!in.eof() && !stop.stop_requested()) throw Error(path + ": cannot be read to its end");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    constexpr const char* kDigits = "0123456789abcdef";
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

}  // namespace

// Either policy: where no thread can be had, get() does the work.
FileHash::FileHash(const std::string& path)
    : result_(std::async(std::launch::async | std::launch::deferred, hash_file, path, stop_.get_token())) {}

FileHash::~FileHash() { stop_.request_stop(); }

std::string FileHash::get() { return result_.get(); }

}  // namespace fovea::keras
