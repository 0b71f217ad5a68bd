// An append-only record of every grade that was given, in which a later change shows.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace fovea::tools {

/// JSON lines. Each has `seq` from 1 on, `time`, `event`, what the event says, `previous` (the `hash` of the line
/// before, 64 zeros for the first) and, last, `hash`: SHA-256 of the line up to the comma before it. Thread-safe.
class AuditLog {
 public:
  /// Opens or creates the file, checks all of it, and goes on. A last line that a crash cut short is cut off, and the
  /// next line says how much. One process at a time. Throws Error "PATH: reason" or "PATH:LINE: reason".
  explicit AuditLog(const std::string& path);
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  /// Adds the entries and has them on the disk. Throws Error; what was written of them is then cut off.
  void append(const std::string& event, const std::vector<nlohmann::ordered_json>& entries);

 private:
  std::string path_;
  int descriptor_ = -1;
  std::mutex mutex_;
  std::uint64_t lines_ = 0, torn_ = 0;
  std::string last_;
};

struct AuditState {
  std::uint64_t lines = 0;
  std::string last_hash;
  std::uint64_t whole = 0, torn = 0;  ///< bytes in whole lines, and after them
};

/// Reads the file line by line. Throws Error at the first line that does not follow from those before.
AuditState verify_audit(const std::string& path);

}  // namespace fovea::tools
