// A run rounds in one way, whatever the calling program has set, and leaves that as it was.
#include "base/float_mode.h"

#include <gtest/gtest.h>

#include <cfenv>
#include <cmath>

#include <fovea/session.h>
#include "tests/engine/networks.h"
#include "tests/support/session_io.h"

namespace fovea::test {
namespace {

std::vector<float> answer(const ModelDesc& desc, std::span<const float> image, int threads) {
  Session session(Model::create(desc), {.threads = threads});
  std::ranges::copy(image, session.input().begin());
  session.run();
  return {session.output().begin(), session.output().end()};
}

TEST(FloatMode, TheCallersRoundingChangesNoBit) {
  const ModelBuilder net = every_convolution();
  const std::vector<float> image = net.image(0);
  const std::vector<float> expected = answer(net.desc(), image, 1);
  for (const int rounding : {FE_UPWARD, FE_TOWARDZERO}) {
    for (const int threads : {1, 3}) {
      Session session(Model::create(net.desc()), {.threads = threads});
      std::ranges::copy(image, session.input().begin());
      ASSERT_EQ(std::fesetround(rounding), 0);
      session.run();
      const int after = std::fegetround();
      std::fesetround(FE_TONEAREST);
      EXPECT_EQ(after, rounding);
      EXPECT_TRUE(std::ranges::equal(session.output(), expected)) << rounding << " on " << threads;
    }
  }
}

// silu(-95) is -5e-40, a number that slows processors down a hundredfold.
TEST(FloatMode, NumbersBelowTheNormalOnesAreZero) {
  ModelBuilder net({3, 5, 20});
  net.add("Activation", {{"activation", value("silu")}});
  const std::vector<float> image(3 * 5 * 20, -95.0f);
  for (const int threads : {1, 3}) {
    for (const float x : answer(net.desc(), image, threads)) ASSERT_EQ(x, 0);
  }
  const FloatRegisters before = FloatRegisters::current();
  volatile float small = 0x1p-126f;
  {
    const FloatMode mode;
    EXPECT_EQ(small * 0.5f, 0);
    EXPECT_FALSE(FloatRegisters::current().agrees(before));
  }
  EXPECT_TRUE(FloatRegisters::current().agrees(before));
  EXPECT_GT(small * 0.5f, 0);
}

}  // namespace
}  // namespace fovea::test
