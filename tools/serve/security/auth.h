// Who may use the server: tokens and passwords, of which only hashes are kept.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "tools/serve/security/auth_file.h"
#include "tools/serve/security/rate_limit.h"

namespace fovea::tools {

/// Knows the entries of an auth file. Used by one thread.
class Auth {
 public:
  enum class Answer { yes, no, too_often };
  struct Checked {
    Answer answer = Answer::no;
    std::string who;  ///< the name of the entry, if `yes`
  };

  /// Throws Error as `read_auth_file` does.
  explicit Auth(const std::string& path);

  /// `header` is the value of Authorization: "Bearer TOKEN", or "Basic ..." of a name and its password or token; the
  /// scheme in any case. The time this takes does not depend on how much of a secret is right. Passwords are slow to
  /// check on purpose: who fails too often is not checked for a while, and neither are all clients together; a password
  /// that was right before is known at once.
  Checked check(std::string_view header, const std::string& client);

 private:
  std::string token_owner(std::string_view name, std::string_view secret) const;
  bool is_password(std::string_view name, std::string_view secret) const;
  std::string known_key(std::string_view credentials) const;

  std::vector<AuthEntry> entries_;
  std::array<unsigned char, 32> key_{};  // of this process, for `known_`
  std::unordered_set<std::string> known_;
  RateLimit failures_, passwords_;
};

}  // namespace fovea::tools
