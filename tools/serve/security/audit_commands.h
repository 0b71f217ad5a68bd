// What the command line can do with audit logs: open one for serving, check some.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/serve/security/audit_log.h"

namespace fovea::tools {

struct OpenedAudit {
  std::unique_ptr<AuditLog> log;  ///< null if none is wanted
  std::string made_key;           ///< where a key was made for it, "" if there was one
};

/// `key` "" = the usual place. A key that is not there is made, but only for a log that is not there either. Throws
/// Error.
OpenedAudit open_audit_log(const std::string& log, const std::string& key);

/// Checks the logs, each of which continues the one before, and prints what was found and what this cannot find.
/// Returns the exit code.
int check_audit_logs(const std::vector<std::string>& logs, const std::string& key);

/// Begins a new file where SIGUSR1 has asked for it, watches over the file now and then, and says on standard error
/// what is wrong with it. To be called often.
class AuditKeeper {
 public:
  /// `log` may be null.
  explicit AuditKeeper(AuditLog* log);
  void tick();

 private:
  AuditLog* log_;
  int ticks_ = 0;
  std::string said_;
};

}  // namespace fovea::tools
