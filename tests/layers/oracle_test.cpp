// The oracle that the layers are held against: a few answers worked out by hand, and that wrong answers do not pass.
#include "tests/support/oracle.h"

#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

std::vector<double> answers(const ModelBuilder& net, const std::vector<float>& image) {
  std::vector<double> values;
  for (const Ref& r : oracle(net.desc(), image)) values.push_back(r.value);
  return values;
}

TEST(Oracle, ConvolutionByHand) {
  ModelBuilder net({2, 3, 1});
  const AttributeMap conv = {{"filters", value(1)}, {"kernel_size", pair(2, 2)}, {"padding", value("same")}};
  net.add("Conv2D", conv, {weight("kernel", {2, 2, 1, 1}, {1, 10, 100, 1000}), weight("bias", {1}, {0.5f})});
  // Rows 1 2 3 and 4 5 6; the odd pixel of padding lies at the end.
  EXPECT_EQ(answers(net, {1, 2, 3, 4, 5, 6}), (std::vector<double>{5421.5, 6532.5, 603.5, 54.5, 65.5, 6.5}));
}

TEST(Oracle, StridesAndDilationByHand) {
  ModelBuilder net({1, 7, 2});
  net.add("Conv2D",
          {{"filters", value(2)},
           {"kernel_size", pair(1, 2)},
           {"strides", pair(1, 3)},
           {"dilation_rate", pair(1, 3)},
           {"use_bias", value(false)}},
          {weight("kernel", {1, 2, 2, 2}, {1, 0, 0, 1, 10, 0, 0, 10})});
  // Filter 0 sees channel 0, filter 1 channel 1; pixel x of channel c is x + 10 c.
  EXPECT_EQ(answers(net, {0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 6, 16}), (std::vector<double>{30, 140, 63, 173}));
}

TEST(Oracle, PoolingByHand) {
  const std::vector<float> image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  ModelBuilder max({3, 3, 1}), average({3, 3, 1}), padded({3, 3, 1});
  max.pool("MaxPooling2D", {.same = true});
  average.pool("AveragePooling2D", {.same = true});
  padded.zero_padding(0, 1, 0, 1);
  padded.pool("AveragePooling2D", {});
  EXPECT_EQ(answers(max, image), (std::vector<double>{5, 6, 8, 9}));
  EXPECT_EQ(answers(average, image), (std::vector<double>{3, 4.5, 7.5, 9}));
  EXPECT_EQ(answers(padded, image), (std::vector<double>{3, 2.25, 3.75, 2.25}));
}

TEST(Oracle, RestByHand) {
  ModelBuilder net({2});
  net.add("BatchNormalization", {{"epsilon", value(1)}},
          {weight("gamma", {2}, {2, 4}), weight("beta", {2}, {1, -1}), weight("moving_mean", {2}, {3, 5}),
           weight("moving_variance", {2}, {3, 15})});
  EXPECT_EQ(answers(net, {5, 6}), (std::vector<double>{3, 0}));
  net.add("Dense", {{"units", value(1)}, {"activation", value("relu")}},
          {weight("kernel", {2, 1}, {2, 7}), weight("bias", {1}, {-4})});
  EXPECT_EQ(answers(net, {5, 6}), std::vector<double>{2});
  EXPECT_EQ(answers(net, {-5, 6}), std::vector<double>{0});
}

// Whole-number networks have exact answers, real ones a bound that an error of four of them exceeds.
TEST(Oracle, WrongAnswersFail) {
  ModelBuilder net({6, 6, 18});
  net.conv({.filters = 5, .kh = 3, .kw = 3});
  net.batch_norm();
  const std::vector<float> image = net.image(0);
  Session session(Model::create(net.desc()), {.threads = 1});
  std::ranges::copy(image, session.input().begin());
  session.run();
  EXPECT_TRUE(wrong_answer_fails(session.output(), oracle(net.desc(), image)));
}

}  // namespace
}  // namespace fovea::test
