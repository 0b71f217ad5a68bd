// How the lines of an audit log follow from each other, and what its seal says about its end.
#include "tools/serve/security/audit_chain.h"

#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include <fovea/error.h>
#include "base/sha256.h"
#include "tools/common/files/atomic_file.h"
#include "tools/common/files/line_reader.h"
#include "tools/serve/security/own_file.h"

namespace fovea::tools {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestLine = 1 << 20, kCode = 64, kLongestSeal = 4096;
const std::string kCodeKey = ",\"code\":\"", kHashKey = ",\"hash\":\"";  // hash: of logs without a key

std::string sealed_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

// Where `key` and a code after it end the line; nothing if they do not.
std::optional<std::size_t> code_at(std::string_view line, const std::string& key) {
  const std::size_t length = key.size() + kCode + 2;
  if (line.size() < length || !line.ends_with("\"}")) return std::nullopt;
  const std::size_t at = line.size() - length;
  return line.substr(at, key.size()) == key ? std::optional(at) : std::nullopt;
}

std::string with_code(const Json& json, const AuditKey& key, std::string& code) {
  std::string text = sealed_text(json);
  text.pop_back();
  code = key.code(text);
  return text + kCodeKey + code + "\"}\n";
}

AuditPlace place_of(const Json& json) {
  return {json.at("lines").get<std::uint64_t>(), json.at("code").get<std::string>()};
}

Json json_of(const AuditPlace& place) { return {{"lines", place.lines}, {"code", place.code}}; }

// Takes `line`, which is the next one, into the state; throws the bare reason.
void follow(std::string_view line, const AuditKey* key, AuditState& state) {
  const std::optional<std::size_t> coded = code_at(line, kCodeKey), hashed = code_at(line, kHashKey);
  if (!coded && !hashed) throw Error("is no line of an audit log");
  if (state.last.lines == 0) state.keyed = coded.has_value();
  if (state.keyed != coded.has_value()) throw Error("is no line of this log: only some of its lines have keyed codes");
  if (state.keyed && key == nullptr)
    throw Error("is written with a key, without which nothing shows (--audit-key FILE)");
  if (state.ended) throw Error("stands behind the line that ended this log");
  const std::string_view before = line.substr(0, state.keyed ? *coded : *hashed);
  const std::string code(line.substr(line.size() - kCode - 2, kCode));
  const std::string expected = state.keyed ? key->code(before) : sha256_of(before);
  if (!same_code(expected, code)) {
    throw Error(state.keyed ? "does not hold: it was changed, or written with another key"
                            : "was changed: its hash is another");
  }
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("seq", Json()) != state.last.lines + 1 ||
      json.value("previous", Json()) != state.last.code) {
    throw Error("does not follow the line before: lines were added, taken away or exchanged");
  }
  if (state.last.lines == 0 && json.contains("continues")) state.continues = place_of(json.at("continues"));
  state.ended = state.keyed && json.value("event", Json()) == "rotated";
  state.last = {state.last.lines + 1, code};
}

}  // namespace

std::string audit_line(Json json, const AuditKey& key, AuditPlace& place) {
  json["previous"] = place.code;
  std::string code;
  std::string line = with_code(json, key, code);
  place = {place.lines + 1, code};
  return line;
}

AuditState verify_audit(const std::string& path, const AuditKey* key, std::uint64_t look_at) {
  const OwnFile file = open_read_only(path);
  LineReader reader(file.descriptor(), kLongestLine);
  AuditState state;
  try {
    while (const auto line = reader.next()) {
      follow(*line, key, state);
      if (state.last.lines == look_at) state.at_seal = state.last;
    }
    state.whole = static_cast<std::uint64_t>(reader.offset());
    const auto size = static_cast<std::uint64_t>(file.status().st_size);
    state.torn = size - std::min(state.whole, size);
    if (state.torn > kLongestLine) throw Error("is too long");
  } catch (const std::exception& e) {
    throw Error(path + ":" + std::to_string(state.last.lines + 1) + ": " + e.what());
  }
  return state;
}

std::string seal_path(const std::string& log) { return log + ".seal"; }

void write_seal(const std::string& log, const AuditKey& key, const AuditSeal& seal) {
  const std::string path = seal_path(log);
  // A file of its own, whose mode stays: a link there is not followed.
  { const OwnFile own = open_own_file(path, O_WRONLY | O_CREAT); }
  std::string code;
  AtomicFile file(path);
  // Begins as no line of a log does, so that none of them passes for a seal.
  file.write(with_code({{"sealed", json_of(seal.place)}, {"ended", seal.ended}}, key, code));
  file.publish();
}

std::optional<AuditSeal> read_seal(const std::string& log, const AuditKey& key) {
  const std::string path = seal_path(log);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  std::string text = open_read_only(path).read(kLongestSeal);
  if (text.empty()) return std::nullopt;  // a crash before the first one was written
  if (text.back() == '\n') text.pop_back();
  const std::optional<std::size_t> at = code_at(text, kCodeKey);
  if (!at || !text.starts_with("{\"sealed\":") ||
      !same_code(key.code(std::string_view(text).substr(0, *at)),
                 std::string_view(text).substr(text.size() - 66, 64))) {
    throw Error(path + ": does not hold: it was changed, or written with another key");
  }
  try {
    const Json json = Json::parse(text);
    return AuditSeal{place_of(json.at("sealed")), json.at("ended").get<bool>()};
  } catch (const Json::exception&) {
    throw Error(path + ": is no seal of an audit log");
  }
}

void check_seal(const std::string& path, const AuditState& state, const std::optional<AuditSeal>& seal) {
  if (state.ended) return;  // nothing comes after that line, so nothing can be missing
  if (!seal) throw Error(path + ": its seal " + seal_path(path) + " is missing: lines at the end may be missing too");
  if (seal->ended && state.continues == seal->place) return;  // begun after a rotation, and not sealed since
  if (state.last.lines < seal->place.lines) {
    throw Error(path + ": has " + std::to_string(state.last.lines) + " lines and had " +
                std::to_string(seal->place.lines) + ": lines at the end are missing");
  }
  if (state.at_seal != seal->place) throw Error(path + ": is not the log that " + seal_path(path) + " was made of");
}

}  // namespace fovea::tools
