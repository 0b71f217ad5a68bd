// Names of files as ids: safe, and never two names as one.
#include "text/names.h"

#include <gtest/gtest.h>

#include <set>

#include "text/utf8.h"

namespace fovea::tools {
namespace {

TEST(Names, OrdinaryOnesStay) {
  for (const char* name :
       {"0005cfc8afb6", "left/10", "a-b+c=d@e", "caf\xC3\xA9", "50%", "100%2", "x y", "it's \"x\""}) {
    EXPECT_EQ(safe_name(name), name);
    EXPECT_EQ(plain_name(name), name);
  }
}

TEST(Names, WhatIsNotSafeIsSpeltOut) {
  EXPECT_EQ(safe_name("=1+1"), "%3D1+1");
  EXPECT_EQ(safe_name("-x"), "%2Dx");
  EXPECT_EQ(safe_name("@x"), "%40x");
  EXPECT_EQ(safe_name("+x"), "%2Bx");
  EXPECT_EQ(safe_name("\xEF\xBC\x9Dx"), "%EF%BC%9Dx");
  EXPECT_EQ(safe_name("a;=1"), "a;%3D1");
  EXPECT_EQ(safe_name("a\tb\r\n"), "a%09b%0D%0A");
  EXPECT_EQ(safe_name("a\xFF"), "a%FF");
  EXPECT_EQ(safe_name("a\xC3"), "a%C3");
  EXPECT_EQ(safe_name("\xE2\x80\xAE"
                      "gpj"),
            "%E2%80%AEgpj");
  EXPECT_EQ(safe_name("\xC2\x9B"
                      "31m"),
            "%C2%9B31m");
  EXPECT_EQ(safe_name("a%41"), "a%2541");
}

// Every name of up to three of the pieces that matter.
TEST(Names, NoTwoBecomeOneAndEachIsFoundAgain) {
  const std::vector<std::string> pieces{
      "", "%", "2", "5", "D", "=", "-", "@", ",", ";", "a", "\xFF", "\xC3", "\xE2\x80\xAE", "\xC3\xA9", "\n"};
  std::set<std::string> names, safe;
  for (const auto& a : pieces) {
    for (const auto& b : pieces) {
      for (const auto& c : pieces) {
        for (const auto& d : pieces) names.insert(a + b + c + d);
      }
    }
  }
  for (const std::string& name : names) {
    const std::string made = safe_name(name);
    EXPECT_EQ(plain_name(made), name) << made;
    EXPECT_EQ(safe_name(plain_name(made)), made);
    safe.insert(made);
    for (std::size_t at = 0; at < made.size(); at += sequence_length(made.substr(at))) {
      ASSERT_TRUE(is_visible(made.substr(at))) << made;
    }
    EXPECT_EQ(made.find_first_of("=+-@"), made.find_first_of("=+-@", 1)) << made;
  }
  EXPECT_EQ(safe.size(), names.size());
}

TEST(Names, PicturesEndingsAreTakenOff) {
  EXPECT_EQ(without_image_ending("a/b.JPG"), "a/b");
  EXPECT_EQ(without_image_ending("b.jfif"), "b");
  EXPECT_EQ(without_image_ending("1.2.840.113"), "1.2.840.113");
  EXPECT_EQ(without_image_ending("a/.png"), "a/.png");
  EXPECT_EQ(without_image_ending("a.png/b"), "a.png/b");
}

}  // namespace
}  // namespace fovea::tools
