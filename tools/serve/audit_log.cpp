// An append-only record of every grade that was given.
#include "tools/serve/audit_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>

#include "layers/error.h"
#include "tools/common/line_reader.h"
#include "tools/common/sha256.h"
#include "tools/common/text.h"
#include "tools/common/write_all.h"

namespace fovea::tools {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestLine = 1 << 20;
const std::string kHashKey = ",\"hash\":\"";

struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number;
};

std::string first_hash() { return std::string(64, '0'); }

// `line` without its end. Returns its hash, or throws the bare reason.
std::string checked_hash(std::string_view line, std::uint64_t number, const std::string& previous) {
  const std::size_t at = line.rfind(kHashKey);
  if (at == std::string::npos || line.size() != at + kHashKey.size() + 64 + 2)
    throw Error("is no line of an audit log");
  std::string hash(line.substr(at + kHashKey.size(), 64));
  if (sha256_of(line.substr(0, at)) != hash) throw Error("was changed: its hash is another");
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("seq", Json()) != number || json.value("previous", Json()) != previous) {
    throw Error("does not follow the line before: lines were added, taken away or exchanged");
  }
  return hash;
}

}  // namespace

AuditState verify_audit(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat status {};
  if (file.number < 0 || ::fstat(file.number, &status) != 0) throw Error(path + ": " + std::strerror(errno));
  if (!S_ISREG(status.st_mode)) throw Error(path + ": is no regular file");
  LineReader reader(file.number, kLongestLine);
  AuditState state;
  state.last_hash = first_hash();
  try {
    while (const auto line = reader.next()) {
      state.last_hash = checked_hash(*line, state.lines + 1, state.last_hash);
      ++state.lines;
    }
    state.whole = static_cast<std::uint64_t>(reader.offset());
    state.torn =
        static_cast<std::uint64_t>(status.st_size) - std::min(state.whole, static_cast<std::uint64_t>(status.st_size));
    if (state.torn > kLongestLine) throw Error("is too long");
  } catch (const std::exception& e) {
    throw Error(path + ":" + std::to_string(state.lines + 1) + ": " + e.what());
  }
  return state;
}

namespace {

// What a crash left of a line begins as the line would have; anything else is not ours to cut off.
bool is_torn_line(const std::string& path, const AuditState& state) {
  const std::string expected = "{\"seq\":" + std::to_string(state.lines + 1) + ",";
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string found(std::min<std::size_t>(expected.size(), state.torn), '\0');
  return ::pread(file.number, found.data(), found.size(), static_cast<off_t>(state.whole)) ==
             static_cast<ssize_t>(found.size()) &&
         expected.starts_with(found);
}

}  // namespace

AuditLog::AuditLog(const std::string& path) : path_(path) {
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (descriptor_ < 0) throw Error(path + ": " + std::strerror(errno));
  try {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) throw Error(path + ": is no regular file");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) throw Error(path + ": another server writes to it");
    const AuditState state = verify_audit(path);
    if (state.torn > 0 && !is_torn_line(path, state)) {
      throw Error(path + ":" + std::to_string(state.lines + 1) + ": is no line of an audit log");
    }
    lines_ = state.lines;
    last_ = state.last_hash;
    torn_ = state.torn;
    if (torn_ > 0 && ::ftruncate(descriptor_, static_cast<off_t>(state.whole)) != 0) {
      throw Error(path + ": " + std::strerror(errno));
    }
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

AuditLog::~AuditLog() { ::close(descriptor_); }

void AuditLog::append(const std::string& event, const std::vector<Json>& entries) {
  const std::scoped_lock lock(mutex_);
  const off_t before = ::lseek(descriptor_, 0, SEEK_END);
  std::string text, last = last_;
  std::uint64_t line = lines_;
  for (const Json& entry : entries) {
    Json json{{"seq", ++line}, {"time", utc_text(std::chrono::system_clock::now())}, {"event", event}};
    json.update(entry);
    if (torn_ > 0) json["torn_bytes"] = torn_;
    json["previous"] = last;
    std::string whole = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    whole.pop_back();
    last = sha256_of(whole);
    text += whole + kHashKey + last + "\"}\n";
  }
  int failed = write_all(descriptor_, text);
  if (failed == 0 && ::fdatasync(descriptor_) != 0) failed = errno;
  if (failed != 0) {
    if (::ftruncate(descriptor_, before) != 0) failed = errno;
    throw Error(path_ + ": " + std::strerror(failed));
  }
  lines_ = line;
  last_ = last;
  torn_ = 0;
}

}  // namespace fovea::tools
