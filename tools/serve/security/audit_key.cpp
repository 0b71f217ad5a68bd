// The secret that an audit log is written with.
#include "tools/serve/security/audit_key.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

#include <fovea/error.h>
#include "tools/common/files/atomic_file.h"
#include "tools/common/files/write_all.h"
#include "tools/serve/security/hex.h"
#include "tools/serve/security/own_file.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kKeyBytes = 32;

}  // namespace

AuditKey AuditKey::read(const std::string& path) {
  const OwnFile file = open_read_only(path);
  const struct stat& status = file.status();
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw Error(path + ": is open to others, who could forge with it (chmod 600, or make a new key)");
  }
  if (status.st_uid != ::geteuid() && status.st_uid != 0) throw Error(path + ": belongs to another user");
  std::string digits = file.read(2 * kKeyBytes + 2);
  while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r')) digits.pop_back();
  std::optional<std::string> bytes = from_hex(digits);
  if (!bytes || bytes->size() != kKeyBytes) throw Error(path + ": is no audit key (--new-audit-key makes one)");
  return AuditKey(std::move(*bytes));
}

void AuditKey::create(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty() && !std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder, error);
    if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error) throw Error(folder.string() + ": " + error.message());
  }
  const OwnFile file = open_own_file(path, O_WRONLY | O_CREAT | O_EXCL);
  int failed = write_all(file.descriptor(), to_hex(random_bytes(kKeyBytes)) + "\n");
  if (failed == 0 && ::fsync(file.descriptor()) != 0) failed = errno;
  if (failed != 0) {
    ::unlink(path.c_str());
    throw Error(path + ": " + std::strerror(failed));
  }
  sync_folder(folder);
}

std::string AuditKey::usual_path() {
  const auto folder = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value != nullptr && *value == '/' ? value : "");
  };
  const std::string configurations = folder("XDG_CONFIG_HOME"), home = folder("HOME");
  if (configurations.empty() && home.empty()) return "";
  return (configurations.empty() ? home + "/.config" : configurations) + "/fovea/audit.key";
}

std::string AuditKey::code(std::string_view text) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), bytes_.data(), static_cast<int>(bytes_.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size) == nullptr) {
    throw Error("HMAC is not available");
  }
  return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

bool same_code(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace fovea::tools
