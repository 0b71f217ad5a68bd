// The file of those who may use the server: it holds hashes only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fovea::tools {

struct AuthEntry {
  std::string name;
  bool token = true;       ///< else a password
  std::string salt, hash;  ///< bytes; a token has no salt
};

constexpr std::size_t kAuthSalt = 16;
constexpr std::size_t kLongestSecret = 1024;

/// The entries of an auth file, one a line: `NAME:token:SHA256` or `NAME:scrypt:SALT:HASH`, both in hexadecimal; blank
/// lines and lines with # are passed over. Each name stands once. Throws Error "PATH:LINE: reason"; a file without
/// entries is an error.
std::vector<AuthEntry> read_auth_file(const std::string& path);

/// 1 to 64 letters, digits, dots, dashes and underscores.
bool is_auth_name(std::string_view name);

/// Bytes of SHA-256, and of scrypt with RFC 7914's interactive setting, which takes some 50 ms.
std::string token_hash(std::string_view token);
std::string password_hash(std::string_view password, std::string_view salt);

/// Adds an entry for a new random token: the file is written anew and replaced, with the mode and owner it has; one
/// that is not there is made readable to its owner only. A name that is there, a symbolic link, and a file that could
/// not be read back are refused. Returns the token, which is stored nowhere. Throws Error.
std::string add_token(const std::string& path, const std::string& name);
/// The same for a password.
void add_password(const std::string& path, const std::string& name, const std::string& password);

}  // namespace fovea::tools
