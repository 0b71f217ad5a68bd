// Who may use the server.
#include "tools/serve/auth.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "layers/error.h"
#include "tools/common/text.h"
#include "tools/common/write_all.h"
#include "tools/serve/hex.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kHash = 32, kSalt = 16, kToken = 32;
constexpr std::size_t kLongestSecret = 1024;
constexpr std::size_t kMostKnown = 1024;
constexpr double kFailuresPerMinute = 10;
constexpr double kPasswordsPerMinute = 60;  // checks of passwords not known yet, by all clients together
// RFC 7914's interactive setting: 16 MiB and some 50 ms.
constexpr std::uint64_t kScryptN = 1 << 14, kScryptR = 8, kScryptP = 1, kScryptMemory = std::uint64_t{64} << 20;

std::string sha256_bytes(std::string_view text) {
  std::string hash(kHash, '\0');
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(hash.data()), nullptr, EVP_sha256(),
                 nullptr) != 1) {
    throw Error("SHA-256 is not available");
  }
  return hash;
}

std::string scrypt(std::string_view password, std::string_view salt) {
  std::string hash(kHash, '\0');
  if (EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                     kScryptN, kScryptR, kScryptP, kScryptMemory, reinterpret_cast<unsigned char*>(hash.data()),
                     hash.size()) != 1) {
    throw Error("scrypt is not available");
  }
  return hash;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    throw Error("the system gives no random numbers");
  }
  return bytes;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

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

void add_line(const std::string& path, const std::string& name, const std::string& rest) {
  if (!is_name(name)) throw Error("a name has 1 to 64 letters, digits, dots, dashes and underscores");
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) throw Error(path + ": " + std::strerror(errno));
  const int failed = write_all(file, name + ":" + rest + "\n");
  if (::close(file) != 0 || failed != 0) throw Error(path + ": cannot be written");
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 4 * kLongestSecret) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const auto padding = static_cast<std::size_t>(text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0);
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace

Auth::Auth(const std::string& path) : failures_(kFailuresPerMinute), passwords_(kPasswordsPerMinute) {
  std::ifstream file(path);
  if (!file) throw Error(path + ": cannot be read");
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string> fields = fields_of(line);
    Entry entry;
    entry.name = fields[0];
    entry.token = fields.size() == 3 && fields[1] == "token";
    const bool password = fields.size() == 4 && fields[1] == "scrypt";
    const std::optional<std::string> hash = from_hex(fields.back());
    const std::optional<std::string> salt = from_hex(password ? fields[2] : "");
    if (!is_name(entry.name) || !(entry.token || password) || !hash || hash->size() != kHash || !salt ||
        salt->size() != (password ? kSalt : 0)) {
      throw Error(path + ":" + std::to_string(number) + ": is no NAME:token:SHA256 or NAME:scrypt:SALT:HASH");
    }
    entry.hash = *hash;
    entry.salt = *salt;
    entries_.push_back(std::move(entry));
  }
  if (entries_.empty()) throw Error(path + ": has no entry; make one with --new-token or --new-password");
  const std::string key = random_bytes(key_.size());
  std::copy(key.begin(), key.end(), key_.begin());
}

// All entries are looked at, whichever is right.
bool Auth::is_token(std::string_view name, std::string_view secret) const {
  const std::string hash = sha256_bytes(secret);
  bool found = false;
  for (const Entry& entry : entries_) {
    const bool wanted = entry.token && (name.empty() || entry.name == name);
    found |= same(hash, entry.hash) && wanted;
  }
  return found;
}

// A name that is not there costs as much as one that is.
bool Auth::is_password(std::string_view name, std::string_view secret) const {
  const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& known) { return !known.token && known.name == name; });
  const std::string nobody(kSalt, '\0');
  const std::string hash = scrypt(secret, entry == entries_.end() ? nobody : entry->salt);
  return entry != entries_.end() && same(hash, entry->hash);
}

std::string Auth::known_key(std::string_view credentials) const {
  std::string code(kHash, '\0');
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(credentials.data()), credentials.size(),
       reinterpret_cast<unsigned char*>(code.data()), nullptr);
  return code;
}

Auth::Answer Auth::check(const std::string& header, const std::string& client) {
  constexpr std::string_view kBearer = "Bearer ", kBasic = "Basic ";
  if (header.size() > 2 * kLongestSecret) return Answer::no;
  if (header.starts_with(kBearer)) {
    return is_token("", std::string_view(header).substr(kBearer.size())) ? Answer::yes : Answer::no;
  }
  if (!header.starts_with(kBasic)) return Answer::no;
  const std::optional<std::string> credentials = from_base64(std::string_view(header).substr(kBasic.size()));
  const std::size_t colon = credentials ? credentials->find(':') : std::string::npos;
  if (colon == std::string::npos) return Answer::no;
  const std::string_view name = std::string_view(*credentials).substr(0, colon),
                         secret = std::string_view(*credentials).substr(colon + 1);
  if (is_name(name) && is_token(name, secret)) return Answer::yes;
  const std::string key = known_key(*credentials);
  if (known_.contains(key)) return Answer::yes;
  if (!failures_.take(client) || !passwords_.take("")) return Answer::too_often;
  if (!is_password(name, secret)) return Answer::no;
  if (known_.size() == kMostKnown) known_.clear();
  known_.insert(key);
  return Answer::yes;
}

std::string add_token(const std::string& path, const std::string& name) {
  const std::string token = to_hex(random_bytes(kToken));
  add_line(path, name, "token:" + to_hex(sha256_bytes(token)));
  return token;
}

void add_password(const std::string& path, const std::string& name, const std::string& password) {
  constexpr std::size_t kShortest = 10;
  if (columns(password) < kShortest || password.size() > kLongestSecret) {
    throw Error("a password has 10 to 1024 characters");
  }
  const std::string salt = random_bytes(kSalt);
  add_line(path, name, "scrypt:" + to_hex(salt) + ":" + to_hex(scrypt(password, salt)));
}

}  // namespace fovea::tools
