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

std::vector<double> of_operation(const Shape& shape, const char* name, AttributeMap attributes) {
  attributes.emplace("operation", value(name));
  ModelBuilder net(shape);
  net.add("Operation", attributes);
  std::vector<float> image;
  for (std::int64_t i = 0; i < shape.elements(); ++i) image.push_back(static_cast<float>(i));
  return answers(net, image);
}

TEST(Oracle, PlacesByHand) {
  const auto slice = [](const Attribute& start, const Attribute& stop, const Attribute& step) {
    return object({{"start", start}, {"stop", stop}, {"step", step}});
  };
  const Attribute whole = slice(null(), null(), null());
  const auto key = [](AttributeList parts) { return AttributeMap{{"argument 1", list(std::move(parts))}}; };
  using Values = std::vector<double>;
  // Rows 0 1 2 and 3 4 5.
  const Shape map{2, 3, 1};
  EXPECT_EQ(of_operation(map, "get_item", key({whole, value(-1), slice(null(), null(), value(-2))})), (Values{5, 3}));
  EXPECT_EQ(
      of_operation(map, "get_item", key({whole, slice(null(), null(), value(-1)), slice(value(-2), value(9), null())})),
      (Values{4, 5, 1, 2}));
  EXPECT_EQ(of_operation(map, "get_item", key({whole, null(), whole, value(1)})), (Values{1, 4}));
  EXPECT_EQ(of_operation(map, "flip", {{"axis", value(2)}}), (Values{2, 1, 0, 5, 4, 3}));
  EXPECT_EQ(of_operation(map, "swapaxes", {{"axis1", value(1)}, {"axis2", value(2)}}), (Values{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(of_operation(map, "repeat", {{"repeats", value(2)}, {"axis", value(2)}}),
            (Values{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5}));
  EXPECT_EQ(of_operation(map, "tile", {{"repeats", list({value(1), value(1), value(2), value(1)})}}),
            (Values{0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5}));
  EXPECT_EQ(of_operation(map, "split_part", {{"sections", list({value(1)})}, {"part", value(1)}, {"axis", value(2)}}),
            (Values{1, 2, 4, 5}));
  EXPECT_EQ(of_operation(map, "split_part", {{"sections", value(2)}, {"part", value(0)}, {"axis", value(1)}}),
            (Values{0, 1, 2}));
  EXPECT_EQ(of_operation({1, 2, 4}, "depth_to_space", {{"block_size", value(2)}}), (Values{0, 1, 4, 5, 2, 3, 6, 7}));
  EXPECT_EQ(of_operation({2, 4, 1}, "space_to_depth", {{"block_size", value(2)}}), (Values{0, 1, 4, 5, 2, 3, 6, 7}));
}

TEST(Oracle, StatisticsByHand) {
  using Values = std::vector<double>;
  // Rows 0 1 2 and 3 4 5.
  EXPECT_EQ(of_operation({2, 3, 1}, "sum", {{"axis", value(1)}}), (Values{3, 5, 7}));
  EXPECT_EQ(of_operation({2, 3, 1}, "mean", {{"axis", pair(2, 3)}}), (Values{1, 4}));
  EXPECT_EQ(of_operation({2, 3, 1}, "max", {{"axis", value(-2)}, {"keepdims", value(true)}}), (Values{2, 5}));
  EXPECT_EQ(of_operation({2, 3, 1}, "min", {{"axis", value(1)}}), (Values{0, 1, 2}));
  // Columns 1 5, 2 8: means 3, 5, deviations 2, 3 (epsilon is 0 in effect).
  ModelBuilder rows({2, 2});
  rows.add("LayerNormalization", {{"axis", value(1)}, {"epsilon", value(1e-300)}},
           {weight("gamma", {2}, {10, 100}), weight("beta", {2}, {1, 2})});
  EXPECT_EQ(answers(rows, {1, 2, 5, 8}), (Values{-9, -9, 102, 102}));
  // The gamma of row y and channel c stands at y * 2 + c, whatever the order of the axes.
  ModelBuilder both({3, 1, 2});
  both.add("LayerNormalization", {{"axis", pair(3, 1)}, {"center", value(false)}, {"epsilon", value(1e-300)}},
           {weight("gamma", {2, 3}, {1, 2, 3, 4, 5, 6})});
  EXPECT_EQ(answers(both, {1, -1, 1, -1, 1, -1}), (Values{1, -2, 3, -4, 5, -6}));
  ModelBuilder groups({4, 1});
  groups.add("GroupNormalization", {{"axis", value(1)}, {"groups", value(2)}, {"epsilon", value(1e-300)}},
             {weight("gamma", {4}, {1, 2, 3, 4}), weight("beta", {4}, {0, 0, 0, 10})});
  EXPECT_EQ(answers(groups, {1, 3, 10, 20}), (Values{-1, 2, -3, 14}));
}

TEST(Oracle, RowsByHand) {
  ModelBuilder transposed({2, 1}), depthwise({3, 2});
  transposed.add("Conv1DTranspose", {{"filters", value(1)}, {"kernel_size", value(3)}, {"strides", value(2)}},
                 {weight("kernel", {3, 1, 1}, {1, 10, 100}), weight("bias", {1}, {0.5f})});
  EXPECT_EQ(answers(transposed, {1, 2}), (std::vector<double>{1.5, 10.5, 102.5, 20.5, 200.5}));
  depthwise.add("DepthwiseConv1D",
                {{"kernel_size", value(2)}, {"padding", value("causal")}, {"use_bias", value(false)}},
                {weight("depthwise_kernel", {2, 2, 1}, {1, 2, 10, 20})});
  EXPECT_EQ(answers(depthwise, {1, 2, 3, 4, 5, 6}), (std::vector<double>{10, 40, 31, 84, 53, 128}));
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
