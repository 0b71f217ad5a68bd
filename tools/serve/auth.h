// Who may use the server: tokens and passwords, of which only hashes are kept.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "tools/serve/rate_limit.h"

namespace fovea::tools {

/// The entries of an auth file, one a line: `NAME:token:SHA256` or `NAME:scrypt:SALT:HASH`, both in hexadecimal; blank
/// lines and lines with # are passed over. Used by one thread.
class Auth {
 public:
  enum class Answer { yes, no, too_often };

  /// Throws Error "PATH:LINE: reason"; a file without entries is an error.
  explicit Auth(const std::string& path);

  /// `header` is the value of Authorization: "Bearer TOKEN", or "Basic ..." of a name and its password or token. The
  /// time this takes does not depend on how much of a secret is right. Passwords are slow to check on purpose: who
  /// fails too often is not checked for a while, and neither are all clients together; a password that was right
  /// before is known at once.
  Answer check(const std::string& header, const std::string& client);

 private:
  struct Entry {
    std::string name;
    bool token = true;
    std::string salt, hash;  // bytes
  };
  bool is_token(std::string_view name, std::string_view secret) const;
  bool is_password(std::string_view name, std::string_view secret) const;
  std::string known_key(std::string_view credentials) const;

  std::vector<Entry> entries_;
  std::array<unsigned char, 32> key_{};  // of this process, for `known_`
  std::unordered_set<std::string> known_;
  RateLimit failures_, passwords_;
};

/// Adds an entry for a new random token to the file, made readable to its owner only. Returns the token, which is
/// stored nowhere. Throws Error.
std::string add_token(const std::string& path, const std::string& name);
/// The same for a password.
void add_password(const std::string& path, const std::string& name, const std::string& password);

}  // namespace fovea::tools
