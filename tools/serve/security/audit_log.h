// An append-only record of every grade that was given, which nobody can rewrite unnoticed who has not its key.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tools/serve/security/audit_chain.h"

namespace fovea::tools {

/// JSON lines. Each has `seq` from 1 on, `time`, `event`, what the event says, `previous` (the `code` of the line
/// before, 64 zeros for the first) and, last, `code`: HMAC-SHA-256 of the line up to the comma before it. FILE.seal
/// says how far the log went, so that lines that are cut off at its end are missed. Thread-safe.
class AuditLog {
 public:
  /// Opens or creates the file, checks all of it, and goes on. A last line that a crash cut short is cut off, and the
  /// next line says how much. One process at a time. Throws Error "PATH: reason" or "PATH:LINE: reason".
  AuditLog(const std::string& path, const AuditKey& key);
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  /// Adds the entries and has them on the disk. Throws Error; what was written of them is then cut off. A file that was
  /// moved, deleted, replaced or cut off meanwhile is an error, and so is everything after an error until `rotate`.
  void append(const std::string& event, const std::vector<nlohmann::ordered_json>& entries);
  /// Looks whether the file is still what it was, and seals what was added. What is wrong stands in `fault`.
  void watch();
  /// Ends the file with a line that says so, gives it a name with the time, and goes on with a new one whose first line
  /// names the last code of the old. Of a file that was tampered with the new one says what was found. Throws Error.
  void rotate();

  /// Whether nothing is wrong; never waits.
  bool sound() const { return sound_; }
  /// What is wrong, "" if nothing is.
  std::string fault() const;
  /// How far the log goes.
  AuditPlace place() const;

 private:
  void open();
  void begin_anew();
  void add(const std::string& event, const std::vector<nlohmann::ordered_json>& entries);
  std::string tampered() const;
  void seal(bool ended);
  void set_fault(const std::string& fault);

  std::string path_;
  AuditKey key_;
  int descriptor_ = -1;
  mutable std::mutex mutex_;
  AuditPlace place_;
  std::optional<AuditPlace> sealed_, continues_;
  std::uint64_t size_ = 0, torn_ = 0;
  std::string fault_, damage_;  // damage = of the log before, for the first line
  std::atomic<bool> sound_{true};
};

}  // namespace fovea::tools
