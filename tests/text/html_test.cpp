// Text from outside never becomes HTML, and data URIs hold what went in.
#include "text/html.h"

#include <gtest/gtest.h>

namespace fovea::tools {
namespace {

TEST(Html, TextIsEscaped) {
  EXPECT_EQ(escaped("<script>alert('a' & \"b\")</script>"),
            "&lt;script&gt;alert(&#39;a&#39; &amp; &quot;b&quot;)&lt;/script&gt;");
  EXPECT_EQ(escaped("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x91\x81"), "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x91\x81");
}

TEST(Html, WhatIsNoTextIsReplaced) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(escaped(std::string("a\0b\x1b", 4)), "a" + bad + "b" + bad);
  EXPECT_EQ(escaped("\xFF"), bad);
  EXPECT_EQ(escaped("\xC0\xBC"), bad + bad);                      // an overlong '<'
  EXPECT_EQ(escaped("\xED\xA0\x80"), bad + bad + bad);            // half of a surrogate pair
  EXPECT_EQ(escaped("\xF4\x90\x80\x80"), bad + bad + bad + bad);  // beyond Unicode
  EXPECT_EQ(escaped("a\xE2\x82"), "a" + bad + bad);               // cut off
  EXPECT_EQ(escaped("\xEF\xBF\xBE"), bad + bad + bad);            // U+FFFE, with which a file is no XML
}

TEST(Html, DataUris) {
  EXPECT_EQ(data_uri("text/plain", ""), "data:text/plain;base64,");
  EXPECT_EQ(data_uri("text/plain", "a"), "data:text/plain;base64,YQ==");
  EXPECT_EQ(data_uri("text/plain", "ab"), "data:text/plain;base64,YWI=");
  EXPECT_EQ(data_uri("text/plain", "abc"), "data:text/plain;base64,YWJj");
  EXPECT_EQ(data_uri("a/b", std::string("\xfb\xff\xbf\x00", 4)), "data:a/b;base64,+/+/AA==");
}

}  // namespace
}  // namespace fovea::tools
