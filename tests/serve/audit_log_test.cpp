// An audit log: whoever has not its key cannot change, add, take away, exchange or cut off a line unnoticed.
#include "tools/serve/security/audit_log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <sstream>

#include <fovea/error.h>
#include "base/sha256.h"
#include "tests/tools/temporary_folder.h"

namespace fovea::tools {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

class Audit : public ::testing::Test {
 protected:
  void SetUp() override {
    AuditKey::create(key_file_);
    AuditLog log(file_, key());
    log.append("start", {{{"model", "m"}}});
    log.append("result", {{{"grade", 1}}, {{"grade", 2}}});
  }
  AuditKey key() const { return AuditKey::read(key_file_); }
  // What --verify-audit does.
  void check() const {
    const AuditKey read = key();
    const auto seal = read_seal(file_, read);
    check_seal(file_, verify_audit(file_, &read, seal ? seal->place.lines : 0), seal);
  }
  // The first lines of the log, or all from one on.
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::istringstream text(test::read_file(file_));
    for (std::string line; std::getline(text, line);) all.push_back(line + "\n");
    return all;
  }
  std::string refusal(const std::string& file) const {
    try {
      AuditLog log(file, key());
      return "";
    } catch (const Error& e) {
      return e.what();
    }
  }

  test::TemporaryFolder folder_;
  std::string file_ = folder_ / "audit.jsonl", key_file_ = folder_ / "key";
};

// As a log was written before there were keys, and as anybody can write one.
std::string unkeyed(const std::vector<Json>& entries) {
  std::string text, last(64, '0');
  for (Json json : entries) {
    json["previous"] = last;
    std::string line = json.dump();
    line.pop_back();
    last = sha256_of(line);
    text += line + ",\"hash\":\"" + last + "\"}\n";
  }
  return text;
}

TEST_F(Audit, HoldsAsItWasWritten) {
  const AuditKey read = key();
  const AuditState state = verify_audit(file_, &read);
  EXPECT_EQ(state.last.lines, 3u);
  EXPECT_EQ(state.torn, 0u);
  EXPECT_EQ(state.last.code.size(), 64u);
  EXPECT_TRUE(state.keyed);
  EXPECT_EQ(state.whole, test::read_file(file_).size());
  EXPECT_NO_THROW(check());
}

TEST_F(Audit, ShowsEveryChangedByte) {
  const std::string good = test::read_file(file_);
  const AuditKey read = key();
  for (std::size_t i = 0; i + 1 < good.size(); ++i) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    test::write_file(file_, changed);
    EXPECT_THROW(verify_audit(file_, &read), Error) << i;
  }
}

TEST_F(Audit, ShowsLinesThatAreMissing) {
  const std::vector<std::string> all = lines();
  ASSERT_EQ(all.size(), 3u);
  for (const std::string& changed : {all[0], all[0] + all[1], all[0] + all[2], all[1] + all[2],
                                     all[0] + all[2] + all[1], all[0] + all[1] + all[1] + all[2], std::string()}) {
    test::write_file(file_, changed);
    EXPECT_THROW(check(), Error) << changed;
    EXPECT_NE(refusal(file_), "") << changed;
  }
  fs::remove(file_);
  EXPECT_NE(refusal(file_), "");
}

TEST_F(Audit, ShowsThatItsSealIsMissingOrAnother) {
  const std::string seal = test::read_file(file_ + ".seal");
  fs::remove(file_ + ".seal");
  EXPECT_THROW(check(), Error);
  EXPECT_NE(refusal(file_), "");
  for (std::size_t i = 0; i + 1 < seal.size(); ++i) {
    std::string changed = seal;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    test::write_file(file_ + ".seal", changed);
    EXPECT_THROW(check(), Error) << i;
  }
  // A line of the log is no seal, though its code is right.
  test::write_file(file_ + ".seal", lines()[0]);
  EXPECT_THROW(check(), Error);
}

TEST_F(Audit, IsNotToBeMadeWithoutTheKey) {
  const std::string forged =
      unkeyed({{{"seq", 1}, {"event", "start"}}, {{"seq", 2}, {"event", "result"}, {"grade", 4}}});
  test::write_file(file_, forged);
  EXPECT_FALSE(verify_audit(file_, nullptr).keyed);
  EXPECT_NE(refusal(file_).find("without a key"), std::string::npos) << refusal(file_);
  const std::string other = folder_ / "other";
  AuditKey::create(other);
  fs::remove(file_);
  fs::remove(file_ + ".seal");
  { AuditLog(file_, AuditKey::read(other)).append("start", {Json::object()}); }
  EXPECT_THROW(check(), Error);
  const AuditKey read = key();
  EXPECT_THROW(verify_audit(file_, &read), Error);
  EXPECT_THROW(verify_audit(file_, nullptr), Error);
  // Lines of both kinds in one file.
  test::write_file(file_, unkeyed({{{"seq", 1}}}) + lines()[0]);
  EXPECT_THROW(verify_audit(file_, &read), Error);
}

TEST_F(Audit, GoesOnWhereItEnded) {
  const AuditKey read = key();
  const std::string before = verify_audit(file_, &read).last.code;
  test::write_file(file_, test::read_file(file_) + "{\"seq\"");
  EXPECT_EQ(verify_audit(file_, &read).torn, 6u);
  {
    AuditLog log(file_, read);
    log.append("start", {Json::object()});
  }
  EXPECT_EQ(verify_audit(file_, &read).last.lines, 4u);
  const std::string text = test::read_file(file_);
  EXPECT_NE(text.find("\"torn_bytes\":6,\"previous\":\"" + before + "\""), std::string::npos) << text;
  EXPECT_NO_THROW(check());
}

TEST_F(Audit, NoticesWhatIsDoneToItsFile) {
  const std::vector<std::pair<std::string, std::function<void()>>> deeds{
      {"moved", [&] { fs::rename(file_, folder_ / "elsewhere"); }},
      {"moved", [&] { fs::remove(file_); }},
      {"replaced",
       [&] {
         fs::copy_file(file_, folder_ / "copy");
         fs::rename(folder_ / "copy", file_);
       }},
      {"cut off", [&] { fs::resize_file(file_, 10); }},
      {"cut off", [&] { fs::resize_file(file_, 0); }},
      {"another program", [&] { test::write_file(file_, test::read_file(file_) + "{}\n"); }},
      {"replaced",
       [&] {
         fs::rename(file_, folder_ / "behind");
         fs::create_symlink(folder_ / "behind", file_);
       }},
  };
  for (std::size_t i = 0; i < deeds.size(); ++i) {
    file_ = folder_ / ("audit" + std::to_string(i));
    AuditLog log(file_, key());
    log.append("start", {Json::object()});
    deeds[i].second();
    if (i % 2 == 0) log.watch();  // by itself, or when it is written to
    EXPECT_THROW(log.append("result", {Json::object()}), Error) << i;
    EXPECT_NE(log.fault().find(deeds[i].first), std::string::npos) << i << ": " << log.fault();
    EXPECT_THROW(log.append("result", {Json::object()}), Error) << i;
  }
}

TEST_F(Audit, BeginsANewFileThatContinuesTheOld) {
  const AuditKey read = key();
  AuditPlace end;
  {
    AuditLog log(file_, read);
    log.rotate();
    EXPECT_EQ(log.fault(), "");
    log.append("result", {Json::object()});
  }
  std::string old;
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    const std::string name = entry.path().filename();
    if (name.starts_with("audit.2") && name.ends_with("Z.jsonl")) old = entry.path();
  }
  ASSERT_NE(old, "");
  const AuditState before = verify_audit(old, &read), after = verify_audit(file_, &read);
  EXPECT_TRUE(before.ended);
  EXPECT_EQ(before.last.lines, 4u);
  EXPECT_EQ(after.continues, before.last);
  EXPECT_EQ(after.last.lines, 2u);
  EXPECT_NO_THROW(check());
  // Nothing can be added to it, nor taken from its end.
  EXPECT_NO_THROW(check_seal(old, before, std::nullopt));
  const std::string text = test::read_file(old);
  test::write_file(old, text.substr(0, text.rfind('\n', text.size() - 2) + 1));
  EXPECT_THROW(check_seal(old, verify_audit(old, &read), std::nullopt), Error);
}

TEST_F(Audit, FinishesARotationThatACrashCutShort) {
  const AuditKey read = key();
  {
    AuditLog log(file_, read);
    log.append("rotated", {Json::object()});
  }
  const AuditPlace end = verify_audit(file_, &read).last;
  { AuditLog(file_, read).append("start", {Json::object()}); }
  EXPECT_EQ(verify_audit(file_, &read).continues, end);
  EXPECT_NO_THROW(check());
  // Renamed, and nothing begun yet.
  fs::remove(file_);
  write_seal(file_, read, {end, true});
  { AuditLog(file_, read).append("start", {Json::object()}); }
  EXPECT_EQ(verify_audit(file_, &read).continues, end);
  // Begun, and not sealed yet.
  write_seal(file_, read, {end, true});
  EXPECT_NO_THROW(check());
  EXPECT_EQ(refusal(file_), "");
}

TEST_F(Audit, GoesOnAfterAMoveByTheOperator) {
  const AuditKey read = key();
  AuditLog log(file_, read);
  fs::rename(file_, folder_ / "january");
  log.rotate();
  log.append("result", {Json::object()});
  const AuditState before = verify_audit(folder_ / "january", &read);
  EXPECT_TRUE(before.ended);
  EXPECT_EQ(verify_audit(file_, &read).continues, before.last);
  EXPECT_EQ(test::read_file(file_).find("because"), std::string::npos);
  // After something else the new file says what was found.
  fs::resize_file(file_, 20);
  EXPECT_THROW(log.append("result", {Json::object()}), Error);
  log.rotate();
  EXPECT_NE(test::read_file(file_).find("\"because\":\"was cut off\""), std::string::npos) << test::read_file(file_);
  EXPECT_NO_THROW(log.append("result", {Json::object()}));
  // Another file at its place is nobody's to replace.
  fs::remove(file_);
  test::write_file(file_, "notes");
  EXPECT_THROW(log.rotate(), Error);
  EXPECT_EQ(test::read_file(file_), "notes");
}

TEST_F(Audit, IsBoundedForFilesThatAreNone) {
  const std::string file = folder_ / "none";
  const AuditKey read = key();
  test::write_file(file, "a key, without a line end");
  EXPECT_NE(refusal(file), "");
  EXPECT_EQ(test::read_file(file), "a key, without a line end");
  test::write_file(file, std::string(3 << 20, 'x'));
  EXPECT_THROW(verify_audit(file, &read), Error);
  EXPECT_NE(refusal(file), "");
  EXPECT_EQ(test::read_file(file).size(), std::size_t{3} << 20);  // what is no log is not changed
  EXPECT_THROW(verify_audit(folder_ / "absent", &read), Error);
  EXPECT_THROW(verify_audit(folder_.path().string(), &read), Error);
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_NE(refusal(folder_ / "pipe"), "");
}

TEST_F(Audit, FollowsNoLinksWhereItWrites) {
  test::write_file(folder_ / "victim", "");
  fs::create_symlink(folder_ / "victim", folder_ / "link");
  EXPECT_NE(refusal(folder_ / "link").find("symbolic link"), std::string::npos);
  fs::create_symlink(folder_ / "victim", folder_ / "log.seal");
  EXPECT_NE(refusal(folder_ / "log"), "");
  EXPECT_THROW(AuditKey::create(folder_ / "link"), Error);
  EXPECT_EQ(test::read_file(folder_ / "victim"), "");
}

TEST_F(Audit, RefusesAKeyThatOthersKnow) {
  EXPECT_EQ(fs::status(key_file_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(test::read_file(key_file_).size(), 65u);
  for (const mode_t mode : {0640, 0604, 0644, 0620, 0602, 0610}) {
    ::chmod(key_file_.c_str(), mode);
    EXPECT_THROW(key(), Error) << mode;
  }
  ::chmod(key_file_.c_str(), 0400);
  EXPECT_NO_THROW(key());
  EXPECT_THROW(AuditKey::create(key_file_), Error);  // never replaced
  for (const std::string& text : {std::string(), std::string("secret\n"), std::string(63, 'a'), std::string(64, 'g'),
                                  std::string(66, 'a'), std::string(1 << 20, 'a')}) {
    test::write_file(folder_ / "bad", text);
    ::chmod((folder_ / "bad").c_str(), 0600);
    EXPECT_THROW(AuditKey::read(folder_ / "bad"), Error) << text.substr(0, 70);
  }
  AuditKey::create(folder_ / "a/b/key");
  EXPECT_EQ(fs::status(folder_ / "a/b").permissions(), fs::perms::owner_all);
}

TEST(AuditKey, IsHmacSha256) {
  test::TemporaryFolder folder;
  const std::string file = folder / "key";
  test::write_file(file, std::string(64, '0'));
  ::chmod(file.c_str(), 0600);
  // printf 'what do ya want for nothing?' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00...00
  EXPECT_EQ(AuditKey::read(file).code("what do ya want for nothing?"),
            "76d9e7194e7dbc3aa00bbe8ffb9f6fcb5a932170f971f948bb2ab61607d2b9d6");
}

}  // namespace
}  // namespace fovea::tools
