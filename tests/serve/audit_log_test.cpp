// The chain of an audit log: every single changed byte breaks it.
#include "tools/serve/audit_log.h"

#include <gtest/gtest.h>

#include "layers/error.h"
#include "tests/tools/temporary_folder.h"

namespace fovea::tools {
namespace {

class Audit : public ::testing::Test {
 protected:
  void SetUp() override {
    AuditLog log(file_);
    log.append("start", {{{"model", "m"}}});
    log.append("result", {{{"grade", 1}}, {{"grade", 2}}});
  }
  test::TemporaryFolder folder_;
  std::string file_ = folder_ / "audit.jsonl";
};

TEST_F(Audit, HoldsAsItWasWritten) {
  const AuditState state = verify_audit(file_);
  EXPECT_EQ(state.lines, 3u);
  EXPECT_EQ(state.torn, 0u);
  EXPECT_EQ(state.last_hash.size(), 64u);
  EXPECT_EQ(state.whole, test::read_file(file_).size());
}

TEST_F(Audit, ShowsEveryChangedByte) {
  const std::string good = test::read_file(file_);
  for (std::size_t i = 0; i + 1 < good.size(); ++i) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    test::write_file(file_, changed);
    EXPECT_THROW(verify_audit(file_), Error) << i;
  }
}

TEST_F(Audit, GoesOnWhereItEnded) {
  const std::string before = verify_audit(file_).last_hash;
  test::write_file(file_, test::read_file(file_) + "{\"seq\"");
  EXPECT_EQ(verify_audit(file_).torn, 6u);
  {
    AuditLog log(file_);
    log.append("start", {nlohmann::ordered_json::object()});
  }
  EXPECT_EQ(verify_audit(file_).lines, 4u);
  const std::string text = test::read_file(file_);
  EXPECT_NE(text.find("\"torn_bytes\":6,\"previous\":\"" + before + "\""), std::string::npos) << text;
}

TEST_F(Audit, IsBoundedForFilesThatAreNone) {
  test::write_file(file_, "a key, without a line end");
  EXPECT_THROW(AuditLog log(file_), Error);
  EXPECT_EQ(test::read_file(file_), "a key, without a line end");
  test::write_file(file_, std::string(3 << 20, 'x'));
  EXPECT_THROW(verify_audit(file_), Error);
  EXPECT_THROW(AuditLog log(file_), Error);
  EXPECT_EQ(test::read_file(file_).size(), std::size_t{3} << 20);  // what is no log is not changed
  EXPECT_THROW(verify_audit(folder_ / "absent"), Error);
  EXPECT_THROW(verify_audit(folder_.path().string()), Error);
}

}  // namespace
}  // namespace fovea::tools
