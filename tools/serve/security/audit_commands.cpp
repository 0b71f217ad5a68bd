// What the command line can do with audit logs.
#include "tools/serve/security/audit_commands.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include <fovea/error.h>
#include "text/text.h"
#include "tools/common/program/exit_code.h"

namespace fovea::tools {

namespace {

namespace fs = std::filesystem;

constexpr int kExitUnkeyed = 3;
constexpr int kTicksBetweenLooks = 20;

std::atomic<bool> rotation_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "used in a handler");

void on_rotation_signal(int) { rotation_asked = true; }

bool is_there(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

void print(const std::string& line) { std::printf("%s\n", printable(line).c_str()); }

// Throws Error. Returns false for a log without a key.
bool check_one(const std::string& path, const AuditKey* key, bool key_given, const AuditState* before,
               AuditState& state) {
  const std::optional<AuditSeal> seal = key != nullptr ? read_seal(path, *key) : std::nullopt;
  state = verify_audit(path, key, seal ? seal->place.lines : 0);
  if (state.torn > 0) {
    throw Error(path + ":" + std::to_string(state.last.lines + 1) + ": the last line is not whole");
  }
  if (!state.keyed) {
    if (key_given) throw Error(path + ": is written without a key: a forged one would look like this");
    print(path + ": " + count_text(state.last.lines, "line") + ", last hash " + state.last.code);
    print("unkeyed: no line was changed by accident, but a rewritten log verifies too");
    return false;
  }
  check_seal(path, state, seal);
  if (before != nullptr && state.continues != before->last) {
    throw Error(path + ":1: does not continue the log before it");
  }
  print(path + ": " + count_text(state.last.lines, "line") + ", last code " + state.last.code);
  if (state.continues && before == nullptr) {
    print("continues a log of " + count_text(state.continues->lines, "line") + ", last code " + state.continues->code);
  }
  return true;
}

}  // namespace

OpenedAudit open_audit_log(const std::string& log, const std::string& key) {
  OpenedAudit opened;
  if (log.empty()) return opened;
  const std::string path = key.empty() ? AuditKey::usual_path() : key;
  if (path.empty()) throw Error("--audit-key FILE is needed: this user has no folder where a key is usually kept");
  if (!is_there(path)) {
    std::error_code error;
    if (is_there(seal_path(log)) || (is_there(log) && fs::file_size(log, error) > 0)) {
      throw Error(path + ": is not there, and without its key the log " + log +
                  " cannot go on: put the key back, or move the log and its seal away");
    }
    AuditKey::create(path);
    opened.made_key = path;
  }
  opened.log = std::make_unique<AuditLog>(log, AuditKey::read(path));
  return opened;
}

int check_audit_logs(const std::vector<std::string>& logs, const std::string& key) {
  try {
    std::optional<AuditKey> read;
    const std::string path = key.empty() ? AuditKey::usual_path() : key;
    if (!key.empty() || (!path.empty() && is_there(path))) read = AuditKey::read(path);
    bool keyed = true;
    AuditState before, state;
    for (std::size_t i = 0; i < logs.size(); ++i) {
      keyed &= check_one(logs[i], read ? &*read : nullptr, !key.empty(), i == 0 ? nullptr : &before, state);
      before = state;
    }
    if (!keyed) return kExitUnkeyed;
    print(
        "not to be found this way: a log that someone rewrote who has the key; log and seal that were both put back as "
        "they once were (a code noted elsewhere must still be in the log); logs of which nothing is left; pictures "
        "graded without a log");
    return kExitOk;
  } catch (const Error& e) {
    std::fprintf(stderr, "grade-server: %s\n", printable(e.what()).c_str());
    return kExitPartial;
  }
}

AuditKeeper::AuditKeeper(AuditLog* log) : log_(log) {
  struct sigaction action {};
  action.sa_handler = on_rotation_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGUSR1, &action, nullptr);
}

void AuditKeeper::tick() {
  if (log_ == nullptr) return;
  try {
    if (rotation_asked.exchange(false)) log_->rotate();
  } catch (const std::exception&) {  // stands in `fault`
    ticks_ = 0;
  }
  if (++ticks_ % kTicksBetweenLooks == 0) log_->watch();
  const std::string fault = log_->fault();
  if (!fault.empty() && fault != said_) {
    std::fprintf(stderr, "grade-server: audit log: %s; nothing is graded until SIGUSR1 begins a new file\n",
                 printable(fault).c_str());
  }
  said_ = fault;
}

}  // namespace fovea::tools
