// Who may use the server.
#include "tools/serve/security/auth.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <optional>

#include "tools/serve/http/ascii.h"
#include "tools/serve/security/own_file.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kMostKnown = 1024;
constexpr double kFailuresPerMinute = 10;
constexpr double kPasswordsPerMinute = 60;  // checks of passwords not known yet, by all clients together

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
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

Auth::Auth(const std::string& path)
    : entries_(read_auth_file(path)), failures_(kFailuresPerMinute), passwords_(kPasswordsPerMinute) {
  const std::string key = random_bytes(key_.size());
  std::copy(key.begin(), key.end(), key_.begin());
}

// All entries are looked at, whichever is right.
std::string Auth::token_owner(std::string_view name, std::string_view secret) const {
  const std::string hash = token_hash(secret);
  std::string owner;
  for (const AuthEntry& entry : entries_) {
    const bool wanted = entry.token && (name.empty() || entry.name == name);
    if (same(hash, entry.hash) && wanted) owner = entry.name;
  }
  return owner;
}

// A name that is not there costs as much as one that is.
bool Auth::is_password(std::string_view name, std::string_view secret) const {
  const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const AuthEntry& known) { return !known.token && known.name == name; });
  const std::string nobody(kAuthSalt, '\0');
  const std::string hash = password_hash(secret, entry == entries_.end() ? nobody : entry->salt);
  return entry != entries_.end() && same(hash, entry->hash);
}

std::string Auth::known_key(std::string_view credentials) const {
  std::string code(key_.size(), '\0');
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(credentials.data()), credentials.size(),
       reinterpret_cast<unsigned char*>(code.data()), nullptr);
  return code;
}

Auth::Checked Auth::check(std::string_view header, const std::string& client) {
  if (header.size() > 2 * kLongestSecret) return {};
  const std::size_t blank = std::min(header.find(' '), header.size());
  const std::string scheme = lower_case(header.substr(0, blank));
  const std::string_view given = trimmed(header.substr(blank));
  const auto answer = [](const std::string& owner) { return Checked{owner.empty() ? Answer::no : Answer::yes, owner}; };
  if (scheme == "bearer") return answer(token_owner("", given));
  if (scheme != "basic") return {};
  const std::optional<std::string> credentials = from_base64(given);
  const std::size_t colon = credentials ? credentials->find(':') : std::string::npos;
  if (colon == std::string::npos) return {};
  const std::string_view name = std::string_view(*credentials).substr(0, colon),
                         secret = std::string_view(*credentials).substr(colon + 1);
  if (!is_auth_name(name)) return {};
  if (const std::string owner = token_owner(name, secret); !owner.empty()) return answer(owner);
  const std::string key = known_key(*credentials);
  if (known_.contains(key)) return answer(std::string(name));
  if (!failures_.take(client) || !passwords_.take("")) return {Answer::too_often, ""};
  if (!is_password(name, secret)) return {};
  if (known_.size() == kMostKnown) known_.clear();
  known_.insert(key);
  return answer(std::string(name));
}

}  // namespace fovea::tools
