// An append-only record of every grade that was given.
#include "tools/serve/security/audit_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fovea/error.h>
#include "text/text.h"
#include "tools/common/files/atomic_file.h"
#include "tools/common/files/write_all.h"
#include "tools/serve/security/own_file.h"

namespace fovea::tools {

namespace {

using Json = nlohmann::ordered_json;

// What a crash left of a line begins as the line would have; anything else is not ours to cut off.
bool is_torn_line(int descriptor, const AuditState& state) {
  const std::string expected = "{\"seq\":" + std::to_string(state.last.lines + 1) + ",";
  std::string found(std::min<std::size_t>(expected.size(), state.torn), '\0');
  return ::pread(descriptor, found.data(), found.size(), static_cast<off_t>(state.whole)) ==
             static_cast<ssize_t>(found.size()) &&
         expected.starts_with(found);
}

// Renames without replacing anything.
void put_aside(const std::string& path) {
  const std::filesystem::path whole(path);
  std::string time = utc_text(std::chrono::system_clock::now());
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  for (int attempt = 1; attempt < 1000; ++attempt) {
    std::filesystem::path aside = whole;
    aside.replace_filename(whole.stem().string() + "." + time + (attempt == 1 ? "" : "-" + std::to_string(attempt)) +
                           whole.extension().string());
    if (::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, aside.c_str(), RENAME_NOREPLACE) == 0) {
      sync_folder(whole.parent_path());
      return;
    }
    // Some network file systems know no such renaming.
    struct stat there {};
    const int reason = errno;
    const bool is_free = ::lstat(aside.c_str(), &there) != 0 && errno == ENOENT;
    if (reason == EINVAL && is_free && ::rename(path.c_str(), aside.c_str()) == 0) return;
    if (reason != EEXIST && reason != EINVAL) throw Error(path + ": cannot be renamed: " + std::strerror(reason));
  }
  throw Error(path + ": cannot be renamed: all names are taken");
}

}  // namespace

AuditLog::AuditLog(const std::string& path, const AuditKey& key) : path_(path), key_(key) {
  try {
    open();
  } catch (...) {
    if (descriptor_ >= 0) ::close(descriptor_);
    throw;
  }
}

AuditLog::~AuditLog() {
  try {
    const std::scoped_lock lock(mutex_);
    if (fault_.empty()) seal(false);
  } catch (const std::exception&) {  // the next start goes on from the seal before
    fault_ = "not sealed";
  }
  if (descriptor_ >= 0) ::close(descriptor_);
}

void AuditLog::open() {
  OwnFile file = open_own_file(path_, O_RDWR | O_CREAT | O_APPEND);
  if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) throw Error(path_ + ": another server writes to it");
  descriptor_ = ::fcntl(file.descriptor(), F_DUPFD_CLOEXEC, 0);
  if (descriptor_ < 0) throw Error(path_ + ": " + std::strerror(errno));
  const std::optional<AuditSeal> seal_found = read_seal(path_, key_);
  if (file.status().st_size == 0) {
    if (seal_found && seal_found->ended) {
      continues_ = seal_found->place;
    } else if (seal_found && seal_found->place.lines > 0) {
      throw Error(path_ + ": is empty or new, though its seal says that it had " +
                  std::to_string(seal_found->place.lines) + " lines: put it back, or move " + seal_path(path_) +
                  " away too");
    } else {
      seal(false);
    }
    return;
  }
  const AuditState state = verify_audit(path_, &key_, seal_found ? seal_found->place.lines : 0);
  if (state.torn > 0 && !is_torn_line(descriptor_, state)) {
    throw Error(path_ + ":" + std::to_string(state.last.lines + 1) + ": is no line of an audit log");
  }
  if (state.last.lines > 0 && !state.keyed) {
    throw Error(path_ +
                ": was written without a key, so that a rewritten one cannot be told: move it away, a new one begins");
  }
  check_seal(path_, state, seal_found);
  place_ = state.last;
  size_ = state.whole;
  torn_ = state.torn;
  if (torn_ > 0 && ::ftruncate(descriptor_, static_cast<off_t>(state.whole)) != 0) {
    throw Error(path_ + ": " + std::strerror(errno));
  }
  if (state.ended) {  // a rotation that was not finished
    seal(true);
    put_aside(path_);
    begin_anew();
  }
}

void AuditLog::begin_anew() {
  continues_ = place_;
  place_ = {};
  sealed_.reset();
  size_ = torn_ = 0;
  ::close(std::exchange(descriptor_, -1));
  open();
}

void AuditLog::seal(bool ended) {
  if (!ended && sealed_ == place_) return;
  write_seal(path_, key_, {place_, ended});
  sealed_ = place_;
}

std::string AuditLog::tampered() const {
  struct stat mine {
  }, there{};
  if (descriptor_ < 0 || ::fstat(descriptor_, &mine) != 0) return "is not open";
  if (::lstat(path_.c_str(), &there) != 0) return "was moved or deleted";
  if (there.st_dev != mine.st_dev || there.st_ino != mine.st_ino) return "was replaced by another file";
  const auto size = static_cast<std::uint64_t>(mine.st_size);
  if (size != size_) return size < size_ ? "was cut off" : "was written to by another program";
  return "";
}

void AuditLog::append(const std::string& event, const std::vector<Json>& entries) {
  const std::scoped_lock lock(mutex_);
  if (fault_.empty()) {
    if (const std::string found = tampered(); !found.empty()) set_fault(path_ + ": " + found);
  }
  if (!fault_.empty()) throw Error(fault_);
  try {
    add(event, entries);
  } catch (const std::exception& e) {
    set_fault(e.what());
    throw;
  }
}

void AuditLog::add(const std::string& event, const std::vector<Json>& entries) {
  std::string text;
  AuditPlace place = place_;
  for (const Json& entry : entries) {
    Json json{{"seq", place.lines + 1}, {"time", utc_text(std::chrono::system_clock::now())}, {"event", event}};
    json.update(entry);
    if (torn_ > 0 && place == place_) json["torn_bytes"] = torn_;
    if (place.lines == 0 && continues_) {
      json["continues"] = {{"lines", continues_->lines}, {"code", continues_->code}};
      if (!damage_.empty()) json["because"] = damage_;
    }
    text += audit_line(std::move(json), key_, place);
  }
  int failed = write_all(descriptor_, text);
  if (failed == 0 && ::fdatasync(descriptor_) != 0) failed = errno;
  if (failed != 0) {
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) failed = errno;
    throw Error(path_ + ": " + std::strerror(failed));
  }
  size_ += text.size();
  place_ = place;
  torn_ = 0;
}

void AuditLog::watch() {
  const std::scoped_lock lock(mutex_);
  if (!fault_.empty()) return;
  try {
    if (const std::string found = tampered(); !found.empty()) throw Error(path_ + ": " + found);
    seal(false);
  } catch (const std::exception& e) {
    set_fault(e.what());
  }
}

void AuditLog::rotate() {
  const std::scoped_lock lock(mutex_);
  try {
    struct stat mine {
    }, there{};
    damage_ = tampered();
    const bool here = ::lstat(path_.c_str(), &there) == 0;
    const bool ours = here && descriptor_ >= 0 && ::fstat(descriptor_, &mine) == 0 && there.st_dev == mine.st_dev &&
                      there.st_ino == mine.st_ino;
    if (here && !ours) throw Error(path_ + ": is another file: move it away first");
    // A file that was only renamed is whole, and gets its end too.
    const bool whole = descriptor_ >= 0 && ::fstat(descriptor_, &mine) == 0 && mine.st_nlink > 0 &&
                       static_cast<std::uint64_t>(mine.st_size) == size_;
    if (whole) add("rotated", {Json::object()});
    if (whole && !here) damage_.clear();
    seal(true);
    if (ours) put_aside(path_);
    begin_anew();
    add("continued", {Json::object()});
    damage_.clear();
    set_fault("");
  } catch (const std::exception& e) {
    set_fault(e.what());
    throw;
  }
}

void AuditLog::set_fault(const std::string& fault) {
  fault_ = fault;
  sound_ = fault.empty();
}

std::string AuditLog::fault() const {
  const std::scoped_lock lock(mutex_);
  return fault_;
}

AuditPlace AuditLog::place() const {
  const std::scoped_lock lock(mutex_);
  return place_;
}

}  // namespace fovea::tools
