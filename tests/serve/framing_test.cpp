// Headers that say where a request ends, or say it twice.
#include "tools/serve/http/framing.h"

#include <gtest/gtest.h>

namespace fovea::tools {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Framing framing_of(const Headers& headers) {
  Framing framing;
  for (const auto& [name, value] : headers) framing.add(name, value);
  return framing;
}

TEST(Framing, ReadsSoundHeaders) {
  const Framing framing = framing_of({{"Host", "a"}, {"Content-LENGTH", "12"}, {"X-Twice", "1"}, {"x-twice", "2"}});
  EXPECT_EQ(framing.problem(), "");
  EXPECT_EQ(framing.length, 12u);
  EXPECT_TRUE(framing.has_body());
  EXPECT_EQ(framing.headers.at("x-twice"), "1, 2");
  EXPECT_TRUE(framing_of({{"Transfer-Encoding", "Chunked"}}).has_body());
  EXPECT_FALSE(framing_of({{"Host", "a"}}).has_body());
}

TEST(Framing, RefusesWhatCanBeReadInTwoWays) {
  const std::vector<Headers> bad{
      {{"Content-Length", "1"}, {"Content-Length", "1"}},
      {{"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}},
      {{"Content-Length", "+1"}},
      {{"Content-Length", "1 "}},
      {{"Content-Length", ""}},
      {{"Content-Length", "18446744073709551616"}},
      {{"Transfer-Encoding", "gzip, chunked"}},
      {{"Transfer-Encoding", "identity"}},
      {{"Host", "a"}, {"host", "b"}},
      {{"Content-Length ", "1"}},
      {{"", "1"}},
      {{"X", "a\rb"}},
      {{"X", std::string("a\0b", 3)}},
      {{"Authorization", "a"}, {"Authorization", "b"}},
      {{"Origin", "http://a"}, {"Origin", "http://b"}},
      {{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site"}},
  };
  for (const Headers& headers : bad) {
    EXPECT_NE(framing_of(headers).problem(), "") << headers.front().first << ": " << headers.front().second;
  }
}

TEST(Framing, KnowsForms) {
  EXPECT_TRUE(is_form("multipart/form-data; boundary=x"));
  EXPECT_TRUE(is_form("Multipart/Form-Data"));
  EXPECT_FALSE(is_form("multipart/form-data-not"));
  EXPECT_FALSE(is_form("image/jpeg"));
  EXPECT_FALSE(is_form(""));
}

}  // namespace
}  // namespace fovea::tools
