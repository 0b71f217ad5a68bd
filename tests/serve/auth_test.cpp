// Tokens and passwords, and what the file of their hashes may look like.
#include "tools/serve/auth.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "layers/error.h"
#include "tests/tools/temporary_folder.h"
#include "tools/serve/hex.h"

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
                                   basic("anna:correct horse"), basic("anna:correct horse")}) {
    EXPECT_EQ(auth.check(right, "a"), Answer::yes) << right;
  }
  for (const std::string& wrong :
       {std::string(), std::string("Bearer "), "bearer " + token, "Bearer " + token.substr(1), "Bearer  " + token,
        basic("other:" + token), basic("anna:Correct horse"), basic("anna"), std::string("Basic ="),
        "Basic " + std::string(5000, 'A'), "Bearer " + std::string(5000, 'a')}) {
    EXPECT_EQ(auth.check(wrong, "b"), Answer::no) << wrong;
  }
}

TEST_F(AuthFile, SlowsGuessingDownClientByClient) {
  add_password(file_, "anna", "correct horse");
  Auth auth(file_);
  Answer last = Answer::no;
  int tries = 0;
  for (; tries < 20 && last == Answer::no; ++tries) last = auth.check(basic("anna:guess"), "a");
  EXPECT_EQ(last, Answer::too_often);
  EXPECT_EQ(tries, 11);
  EXPECT_EQ(auth.check(basic("anna:correct horse"), "b"), Answer::yes);
  EXPECT_EQ(auth.check(basic("anna:correct horse"), "a"), Answer::yes);  // is known by now
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
