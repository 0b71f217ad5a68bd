// The file of those who may use the server.
#include "tools/serve/security/auth_file.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <sstream>

#include <fovea/error.h>
#include "text/text.h"
#include "tools/common/files/atomic_file.h"
#include "tools/serve/http/ascii.h"
#include "tools/serve/security/hex.h"
#include "tools/serve/security/own_file.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kHash = 32, kToken = 32;
constexpr std::size_t kLargestFile = 1 << 20;
constexpr std::uint64_t kScryptN = 1 << 14, kScryptR = 8, kScryptP = 1, kScryptMemory = std::uint64_t{64} << 20;

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields{""};
  for (const char c : line) {
    if (c == ':') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

std::optional<AuthEntry> entry_of(const std::string& line) {
  const std::vector<std::string> fields = fields_of(line);
  AuthEntry entry;
  entry.name = fields[0];
  entry.token = fields.size() == 3 && fields[1] == "token";
  const bool password = fields.size() == 4 && fields[1] == "scrypt";
  const std::optional<std::string> hash = from_hex(fields.back()), salt = from_hex(password ? fields[2] : "");
  if (!is_auth_name(entry.name) || !(entry.token || password) || !hash || hash->size() != kHash || !salt ||
      salt->size() != (password ? kAuthSalt : 0)) {
    return std::nullopt;
  }
  entry.hash = *hash;
  entry.salt = *salt;
  return entry;
}

std::vector<AuthEntry> entries_of(const std::string& text, const std::string& path) {
  std::vector<AuthEntry> entries;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    const auto fail = [&](const std::string& reason) {
      throw Error(path + ":" + std::to_string(number) + ": " + reason);
    };
    std::optional<AuthEntry> entry = entry_of(line);
    if (!entry) fail("is no NAME:token:SHA256 or NAME:scrypt:SALT:HASH");
    const bool known = std::any_of(entries.begin(), entries.end(),
                                   [&](const AuthEntry& earlier) { return earlier.name == entry->name; });
    if (known) fail("the name " + entry->name + " is there twice");
    entries.push_back(std::move(*entry));
  }
  return entries;
}

// One at a time: each adds to what the others have written.
class LockedFile {
 public:
  explicit LockedFile(const std::string& path) {
    for (int attempt = 0; attempt < 100; ++attempt) {
      const OwnFile file = open_own_file(path, O_RDWR | O_CREAT);
      struct stat now {};
      if (::flock(file.descriptor(), LOCK_EX) != 0) throw Error(path + ": " + std::strerror(errno));
      if (::lstat(path.c_str(), &now) != 0 || now.st_ino != file.status().st_ino) continue;  // was replaced meanwhile
      text_ = file.read(kLargestFile);
      descriptor_ = ::dup(file.descriptor());
      status_ = file.status();
      return;
    }
    throw Error(path + ": is replaced again and again by another program");
  }
  ~LockedFile() { ::close(descriptor_); }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

  const std::string& text() const { return text_; }
  const struct stat& status() const { return status_; }

 private:
  std::string text_;
  struct stat status_ {};
  int descriptor_ = -1;  // holds the lock
};

void add_line(const std::string& path, const std::string& name, const std::string& rest) {
  const LockedFile locked(path);
  const std::vector<AuthEntry> entries = entries_of(locked.text(), path);
  if (std::any_of(entries.begin(), entries.end(), [&](const AuthEntry& entry) { return entry.name == name; })) {
    throw Error(path + ": the name " + name + " is there already; take its line out, or choose another");
  }
  AtomicFile file(path);
  const struct stat& status = locked.status();
  if ((status.st_uid != ::geteuid() || status.st_gid != ::getegid()) &&
      ::chown(file.temporary_path().c_str(), status.st_uid, status.st_gid) != 0) {
    throw Error(path + ": belongs to another, and cannot be replaced as theirs: " + std::strerror(errno));
  }
  file.write(locked.text());
  if (!locked.text().empty() && locked.text().back() != '\n') file.write("\n");
  file.write(name + ":" + rest + "\n");
  file.publish();
}

void check_name(const std::string& name) {
  if (!is_auth_name(name)) throw Error("a name has 1 to 64 letters, digits, dots, dashes and underscores");
}

}  // namespace

bool is_auth_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

std::vector<AuthEntry> read_auth_file(const std::string& path) {
  std::vector<AuthEntry> entries = entries_of(open_read_only(path).read(kLargestFile), path);
  if (entries.empty()) throw Error(path + ": has no entry; make one with --new-token or --new-password");
  return entries;
}

std::string token_hash(std::string_view token) {
  std::string hash(kHash, '\0');
  if (EVP_Digest(token.data(), token.size(), reinterpret_cast<unsigned char*>(hash.data()), nullptr, EVP_sha256(),
                 nullptr) != 1) {
    throw Error("SHA-256 is not available");
  }
  return hash;
}

std::string password_hash(std::string_view password, std::string_view salt) {
  std::string hash(kHash, '\0');
  if (EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                     kScryptN, kScryptR, kScryptP, kScryptMemory, reinterpret_cast<unsigned char*>(hash.data()),
                     hash.size()) != 1) {
    throw Error("scrypt is not available");
  }
  return hash;
}

std::string add_token(const std::string& path, const std::string& name) {
  check_name(name);
  const std::string token = to_hex(random_bytes(kToken));
  add_line(path, name, "token:" + to_hex(token_hash(token)));
  return token;
}

void add_password(const std::string& path, const std::string& name, const std::string& password) {
  constexpr std::size_t kShortest = 10;
  check_name(name);
  if (columns(password) < kShortest || password.size() > kLongestSecret) {
    throw Error("a password has 10 to 1024 characters");
  }
  const std::string salt = random_bytes(kAuthSalt);
  add_line(path, name, "scrypt:" + to_hex(salt) + ":" + to_hex(password_hash(password, salt)));
}

}  // namespace fovea::tools
