// Tokens and passwords, and what the file of their hashes may look like.
#include "tools/serve/security/auth.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include <fovea/error.h>
#include "tests/tools/temporary_folder.h"
#include "tools/serve/security/hex.h"

namespace fovea::tools {
namespace {

using Answer = Auth::Answer;

std::string basic(const std::string& credentials) {
  std::string text(4 * credentials.size() + 8, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(credentials.data()), static_cast<int>(credentials.size()));
  return "Basic " + text.substr(0, static_cast<std::size_t>(size));
}

class AuthFile : public ::testing::Test {
 protected:
  test::TemporaryFolder folder_;
  std::string file_ = folder_ / "auth";
};

TEST_F(AuthFile, LetsInWhomItNames) {
  const std::string token = add_token(file_, "clinic"), other = add_token(file_, "other");
  add_password(file_, "anna", "correct horse");
  EXPECT_NE(token, other);
  Auth auth(file_);
  for (const std::string& right : {"Bearer " + token, "Bearer " + other, basic("clinic:" + token),
                                   basic("anna:correct horse"), basic("anna:correct horse"), "bearer " + token,
                                   "BEARER  " + token, "bAsIc " + basic("clinic:" + token).substr(6)}) {
    EXPECT_EQ(auth.check(right, "a").answer, Answer::yes) << right;
  }
  for (const std::string& wrong :
       {std::string(), std::string("Bearer "), "Bearer " + token.substr(1), "Bearer" + token, "Token " + token,
        basic("other:" + token), basic("anna:Correct horse"), basic("anna"), std::string("Basic ="),
        "Basic " + std::string(5000, 'A'), "Bearer " + std::string(5000, 'a')}) {
    EXPECT_EQ(auth.check(wrong, "b").answer, Answer::no) << wrong;
    EXPECT_EQ(auth.check(wrong, "b").who, "") << wrong;
  }
}

TEST_F(AuthFile, SaysWhoItWas) {
  const std::string token = add_token(file_, "clinic"), other = add_token(file_, "other");
  add_password(file_, "anna", "correct horse");
  Auth auth(file_);
  EXPECT_EQ(auth.check("Bearer " + token, "a").who, "clinic");
  EXPECT_EQ(auth.check("Bearer " + other, "a").who, "other");
  EXPECT_EQ(auth.check(basic("clinic:" + token), "a").who, "clinic");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(auth.check(basic("anna:correct horse"), "a").who, "anna");  // checked, then known
}

TEST_F(AuthFile, IsAddedToWholly) {
  const std::string hash(64, 'a');
  test::write_file(file_, "# who may\none:token:" + hash);  // as an editor leaves it that writes no last line end
  ::chmod(file_.c_str(), 0640);
  const std::string token = add_token(file_, "clinic");
  EXPECT_EQ(test::read_file(file_).find("# who may\none:token:" + hash + "\nclinic:token:"), 0u);
  EXPECT_EQ(test::read_file(file_).back(), '\n');
  EXPECT_EQ(Auth(file_).check("Bearer " + token, "a").who, "clinic");
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
  EXPECT_THROW(add_token(file_, "one"), Error);
  EXPECT_THROW(add_password(file_, "clinic", "correct horse"), Error);
  const std::string before = test::read_file(file_);
  test::write_file(file_, before + "broken");
  EXPECT_THROW(add_token(file_, "new"), Error);
  EXPECT_EQ(test::read_file(file_), before + "broken");
  test::write_file(file_, before + before.substr(before.find("clinic")));
  EXPECT_THROW(Auth{file_}, Error);  // a name twice
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_.path())) ++files;
  EXPECT_EQ(files, 1u);
}

TEST_F(AuthFile, KeepsItsOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to have a file of another user";
  add_token(file_, "clinic");
  ASSERT_EQ(::chown(file_.c_str(), 65534, 65534), 0);
  add_token(file_, "other");
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 65534u);
  EXPECT_EQ(status.st_gid, 65534u);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
}

TEST_F(AuthFile, IsNoLinkAndNoDevice) {
  test::write_file(folder_ / "victim", "");
  std::filesystem::create_symlink(folder_ / "victim", file_);
  EXPECT_THROW(add_token(file_, "clinic"), Error);
  EXPECT_EQ(test::read_file(folder_ / "victim"), "");
  EXPECT_THROW(add_token("/dev/null", "clinic"), Error);
  EXPECT_THROW(add_token(folder_.path().string(), "clinic"), Error);
}

TEST_F(AuthFile, SlowsGuessingDownClientByClient) {
  add_password(file_, "anna", "correct horse");
  Auth auth(file_);
  Answer last = Answer::no;
  int tries = 0;
  for (; tries < 20 && last == Answer::no; ++tries) last = auth.check(basic("anna:guess"), "a").answer;
  EXPECT_EQ(last, Answer::too_often);
  EXPECT_EQ(tries, 11);
  EXPECT_EQ(auth.check(basic("anna:correct horse"), "b").answer, Answer::yes);
  EXPECT_EQ(auth.check(basic("anna:correct horse"), "a").answer, Answer::yes);  // is known by now
}

TEST_F(AuthFile, RefusesBadNamesAndPasswords) {
  EXPECT_THROW(add_token(file_, ""), Error);
  EXPECT_THROW(add_token(file_, "a:b"), Error);
  EXPECT_THROW(add_token(file_, "a\nb"), Error);
  EXPECT_THROW(add_password(file_, "anna", "too short"), Error);
  EXPECT_THROW(add_password(file_, "anna", std::string(2000, 'x')), Error);
  EXPECT_THROW(Auth(folder_ / "absent"), Error);
}

TEST(Hex, ReadsBackWhatItWrites) {
  const std::string bytes("\0\x7f\x80\xff", 4);
  EXPECT_EQ(to_hex(bytes), "007f80ff");
  EXPECT_EQ(from_hex("007f80ff"), bytes);
  EXPECT_EQ(from_hex(""), "");
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
  EXPECT_FALSE(from_hex("FF"));
}

}  // namespace
}  // namespace fovea::tools
