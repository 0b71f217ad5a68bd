// How the lines of an audit log follow from each other, and what its seal says about its end.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tools/serve/security/audit_key.h"

namespace fovea::tools {

/// A place in a log: that many lines, the last of which has this code. 64 zeros where there is none.
struct AuditPlace {
  std::uint64_t lines = 0;
  std::string code = std::string(64, '0');
  bool operator==(const AuditPlace&) const = default;
};

struct AuditState {
  AuditPlace last;
  bool keyed = true;
  bool ended = false;                   ///< by a line that says nothing more comes: `rotated`
  std::optional<AuditPlace> continues;  ///< of the log before, as the first line says
  AuditPlace at_seal;                   ///< `last` as it was where `verify_audit` was told to look
  std::uint64_t whole = 0, torn = 0;    ///< bytes in whole lines, and after them
};

/// What FILE.seal says: how far the log went when that was written.
struct AuditSeal {
  AuditPlace place;
  bool ended = false;
};

/// The text of a line, with its line end: `json` gets the code of the line before, and at the end its own, over all
/// that stands before it.
std::string audit_line(nlohmann::ordered_json json, const AuditKey& key, AuditPlace& place);

/// Reads the file line by line; `look_at` = after how many lines `at_seal` is taken. A log whose lines have hashes
/// instead of codes was written before there were keys: it is followed too, without proving anything against who
/// rewrites it. Throws Error "PATH:LINE: reason" at the first line that does not follow from those before, or is keyed
/// without `key` being given.
AuditState verify_audit(const std::string& path, const AuditKey* key, std::uint64_t look_at = 0);

/// Beside the log.
std::string seal_path(const std::string& log);
/// Replaces the seal. Throws Error.
void write_seal(const std::string& log, const AuditKey& key, const AuditSeal& seal);
/// Nothing if there is none. Throws Error "PATH: reason" for one that this key did not make.
std::optional<AuditSeal> read_seal(const std::string& log, const AuditKey& key);
/// Throws Error if the log ends before its seal, or is another than the sealed one.
void check_seal(const std::string& path, const AuditState& state, const std::optional<AuditSeal>& seal);

}  // namespace fovea::tools
