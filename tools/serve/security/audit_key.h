// The secret that an audit log is written with: without it no line can be made that holds.
#pragma once

#include <string>
#include <string_view>

namespace fovea::tools {

/// 32 bytes, kept as 64 hexadecimal digits in a file that is its owner's alone.
class AuditKey {
 public:
  /// Throws Error "PATH: reason": not there, no key, another user's, or open to others.
  static AuditKey read(const std::string& path);
  /// Makes a new one, readable to its owner only, and its folder if that is not there. Throws Error; a file that is
  /// there stays as it is.
  static void create(const std::string& path);
  /// Where a key is kept if no other place is named: fovea/audit.key in the user's folder of configurations; "" if
  /// there is none.
  static std::string usual_path();

  /// HMAC-SHA-256 in 64 hexadecimal digits.
  std::string code(std::string_view text) const;

 private:
  explicit AuditKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

/// Compares without saying by its time where two codes differ.
bool same_code(std::string_view a, std::string_view b);

}  // namespace fovea::tools
