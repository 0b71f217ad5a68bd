// The built-in network with random weights can be built and run, and is the network it says.
#include "bench/random_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include <fovea/error.h>
#include <fovea/session.h>
#include "tests/tools/temporary_folder.h"

namespace fovea::bench {
namespace {

TEST(RandomModel, IsResNet50WithActivationsInAnOrdinaryRange) {
  const auto model = Model::create(random_model("resnet50-notop:32"));
  EXPECT_EQ(model->parameters(), 23587712);  // as keras.applications counts them
  EXPECT_EQ(model->output_shape(), (Shape{1, 1, 2048}));
  Session session(model, {.threads = 1});
  for (float& x : session.input()) x = 0.5f;
  session.run();
  float largest = 0;
  for (const float x : session.output()) {
    ASSERT_TRUE(std::isfinite(x));
    largest = std::max(largest, x);
  }
  EXPECT_GT(largest, 1e-3f);
  EXPECT_LT(largest, 1e6f);
}

TEST(RandomModel, RefusesOtherNames) {
  EXPECT_EQ(test::message_of<Error>([] { random_model("vgg"); }).substr(0, 46),
            "--architecture: unknown architecture 'vgg'; kn");
}

}  // namespace
}  // namespace fovea::bench
