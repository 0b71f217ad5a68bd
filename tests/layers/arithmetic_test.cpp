// Names of the arithmetic settings.
#include <fovea/arithmetic.h>

#include <gtest/gtest.h>

#include <fovea/error.h>

namespace fovea::test {
namespace {

TEST(Arithmetic, NamesRoundTrip) {
  EXPECT_STREQ(arithmetic_name(Arithmetic::direct), "direct");
  EXPECT_STREQ(arithmetic_name(Arithmetic::fast), "fast");
  EXPECT_EQ(parse_arithmetic("direct"), Arithmetic::direct);
  EXPECT_EQ(parse_arithmetic("fast"), Arithmetic::fast);
}

TEST(Arithmetic, OtherNamesAreErrorsThatListTheKnown) {
  for (const std::string name : {"", "Fast", "fast ", "winograd", "DIRECT"}) {
    try {
      parse_arithmetic(name);
      ADD_FAILURE() << "was accepted: " << name;
    } catch (const Error& e) {
      const std::string what = e.what();
      EXPECT_NE(what.find("'" + name + "'"), std::string::npos) << what;
      EXPECT_NE(what.find("direct or fast"), std::string::npos) << what;
    }
  }
}

}  // namespace
}  // namespace fovea::test
