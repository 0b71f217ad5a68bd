// Grad-CAM against finite differences of the oracle, which knows no gradients; the place of the feature map; refusals.
#include <fovea/grad_cam.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "tests/engine/networks.h"
#include "tests/support/layer_test.h"
#include "tests/support/refused.h"

namespace fovea::test {
namespace {

const Shape kMap{4, 5, 6};
constexpr int kClasses = 3;

// A convolution that changes nothing: the feature map is the picture.
ModelBuilder identity_map(const Shape& shape = kMap) {
  ModelBuilder net(shape);
  const std::int64_t channels = shape.c();
  std::vector<float> identity(static_cast<std::size_t>(channels * channels));
  for (std::int64_t c = 0; c < channels; ++c) identity[static_cast<std::size_t>(c * channels + c)] = 1;
  net.add("Conv2D", {{"filters", value(channels)}, {"kernel_size", pair(1, 1)}, {"use_bias", value(false)}},
          {weight("kernel", {1, 1, channels, channels}, identity)});
  return net;
}

std::vector<float> heat(const GradCam& cam, const Session& session, int class_index, int image = 0) {
  std::vector<float> map(static_cast<std::size_t>(cam.height() * cam.width()));
  cam.map(session, class_index, map, image);
  return map;
}

std::vector<float> heat(const ModelBuilder& net, const std::vector<float>& image, int class_index,
                        const ModelOptions& options = {}) {
  const auto model = Model::create(net.desc(), options);
  Session session(model, {.threads = 1, .keep_last_convolution = true});
  std::ranges::copy(image, session.input().begin());
  session.run();
  return heat(GradCam(model), session, class_index);
}

// The map by its definition, with the score's gradient from the oracle's values at both sides of each of the picture's.
std::vector<double> by_differences(const ModelBuilder& net, const std::vector<float>& image, std::size_t class_index) {
  const std::size_t channels = static_cast<std::size_t>(net.input_shape().c()), pixels = image.size() / channels;
  std::vector<double> weights(channels), map(pixels);
  for (std::size_t i = 0; i < image.size(); ++i) {
    std::vector<float> moved = image;
    const float above = image[i] + 0x1p-12f, below = image[i] - 0x1p-12f;
    moved[i] = above;
    const double upper = oracle(net.desc(), moved)[class_index].value;
    moved[i] = below;
    const double lower = oracle(net.desc(), moved)[class_index].value;
    weights[i % channels] += (upper - lower) / (double{above} - double{below});
  }
  for (std::size_t i = 0; i < image.size(); ++i) map[i / channels] += weights[i % channels] * image[i];
  const double largest = std::max(0.0, *std::ranges::max_element(map));
  for (double& place : map) place = largest > 0 ? std::max(0.0, place) / largest : 0;
  return map;
}

double difference(const std::vector<float>& got, const std::vector<double>& want) {
  double largest = got.size() == want.size() ? 0 : 1;
  for (std::size_t i = 0; i < got.size() && i < want.size(); ++i) {
    largest = std::max(largest, std::abs(got[i] - want[i]));
  }
  return largest;
}

constexpr double kTolerance = 2e-5;

class GradCamHeads : public KernelTest {
 protected:
  void expect_as_differences(const ModelBuilder& net, int largest_class = kClasses - 1) {
    int lively = 0;
    for (int class_index = 0; class_index <= largest_class; ++class_index) {
      for (const std::uint32_t seed : {1u, 2u}) {
        const std::vector<float> image = net.image(seed);
        const auto want = by_differences(net, image, static_cast<std::size_t>(class_index));
        const auto got = heat(net, image, class_index, {.isa = isa_name(table().isa)});
        EXPECT_LE(difference(got, want), kTolerance) << "class " << class_index;
        lively += std::ranges::count_if(want, [](double x) { return x > 0 && x < 1; }) >= 4;
      }
    }
    EXPECT_GT(lively, 0) << "all maps are nearly empty: this shows nothing";
  }
};
FOVEA_EVERY_TABLE(GradCamHeads);

TEST_P(GradCamHeads, Pooling) {
  for (const char* pooling : {"GlobalAveragePooling2D", "GlobalMaxPooling2D"}) {
    SCOPED_TRACE(pooling);
    ModelBuilder net = identity_map();
    net.add(pooling);
    net.dense(kClasses, "softmax");
    expect_as_differences(net);
  }
  for (const char* pooling : {"MaxPooling2D", "AveragePooling2D"}) {
    for (const bool same : {true, false}) {
      SCOPED_TRACE(pooling);
      ModelBuilder net = identity_map();
      net.pool(pooling, {.kh = 3, .kw = 2, .stride_y = 2, .same = same});
      net.add("Flatten");
      net.dense(kClasses, "softmax");
      expect_as_differences(net);
    }
  }
  ModelBuilder net = identity_map();
  net.zero_padding(1, 1, 0, 1);
  net.pool("MaxPooling2D", {});
  net.add("Flatten");
  net.dense(kClasses);
  expect_as_differences(net);
}

TEST_P(GradCamHeads, Activations) {
  for (const char* activation : {"linear", "relu", "relu6", "sigmoid", "softmax", "leaky_relu", "elu", "selu", "swish",
                                 "hard_swish", "tanh", "mish", "softplus", "softsign", "exponential", "gelu"}) {
    SCOPED_TRACE(activation);
    ModelBuilder inside = identity_map();
    inside.add("GlobalAveragePooling2D");
    inside.dense(19, activation);
    inside.dense(kClasses);
    expect_as_differences(inside);
    ModelBuilder alone = identity_map();
    alone.pool("AveragePooling2D", {});
    alone.add("Activation", {{"activation", value(activation)}});
    alone.add("Flatten");
    alone.dense(kClasses, "sigmoid");
    expect_as_differences(alone);
  }
}

TEST_P(GradCamHeads, OtherLayers) {
  const std::vector<std::pair<const char*, std::function<void(ModelBuilder&)>>> layers = {
      {"normalisation", [](ModelBuilder& net) { net.batch_norm(); }},
      {"normalisation, rectified", [](ModelBuilder& net) { net.batch_norm(), net.relu(); }},
      {"leaky", [](ModelBuilder& net) { net.add("LeakyReLU"); }},
      {"learned slopes", [](ModelBuilder& net) { net.add("PReLU", {}, {net.random_weight("alpha", {6})}); }},
      {"limited",
       [](ModelBuilder& net) {
         net.add("ReLU", {{"max_value", value(0.5)}, {"negative_slope", value(0.1)}});
       }},
      {"dropout",
       [](ModelBuilder& net) {
         net.add("Dropout", {{"rate", value(0.5)}});
       }},
      {"dense without bias", [](ModelBuilder& net) { net.dense(33, "relu", false); }},
      {"reshape",
       [](ModelBuilder& net) {
         net.add("Reshape", {{"target_shape", list({value(6)})}});
       }},
      {"nothing between", [](ModelBuilder&) {}},
  };
  for (const auto& [name, add] : layers) {
    SCOPED_TRACE(name);
    ModelBuilder net = identity_map();
    net.add("GlobalAveragePooling2D");
    add(net);
    net.dense(kClasses, "softmax");
    expect_as_differences(net);
  }
}

// Convolutions over one pixel, as MobileNet's heads have them.
TEST_P(GradCamHeads, ConvolutionsOverOnePixel) {
  for (const std::int64_t filters : {5, 21, 40}) {
    ModelBuilder net = identity_map();
    net.add("GlobalAveragePooling2D", {{"keepdims", value(true)}});
    net.conv({.filters = filters, .activation = "hard_swish"});
    net.batch_norm(net.conv({.filters = filters + 3}));
    net.relu();
    net.conv({.filters = kClasses});
    net.add("Reshape", {{"target_shape", list({value(kClasses)})}});
    net.add("Softmax");
    expect_as_differences(net);
  }
}

TEST_P(GradCamHeads, Branches) {
  ModelBuilder net = identity_map();
  const std::string map = net.last();
  const std::string average = net.add("GlobalAveragePooling2D", {}, {}, {map});
  const std::string most = net.batch_norm(net.add("GlobalMaxPooling2D", {}, {}, {map}));
  for (const char* pairing : {"Subtract", "Multiply", "Maximum", "Minimum", "Add"}) {
    SCOPED_TRACE(pairing);
    ModelBuilder paired = net;
    paired.add(pairing, {}, {}, {average, most});
    paired.dense(kClasses);
    expect_as_differences(paired);
  }
  net.add("Concatenate", {}, {}, {average, most, average});
  net.dense(kClasses, "softmax");
  expect_as_differences(net);
}

TEST_P(GradCamHeads, Dots) {
  ModelBuilder net = identity_map();
  const std::string map = net.pool("AveragePooling2D", {.kh = 2, .kw = 2});
  const std::string rows = net.add("Reshape", {{"target_shape", list({value(-1), value(6)})}}, {}, {map});
  const std::string likeness = net.add("Dot", {{"axes", value(2)}}, {}, {rows, rows});
  net.add("Dot", {{"axes", pair(1, 2)}}, {}, {rows, likeness});
  net.add("Flatten");
  net.dense(kClasses, "softmax");
  expect_as_differences(net);
  net.add("Dot", {{"axes", value(1)}, {"normalize", value(true)}}, {}, {net.last(), net.last()});
  refused([&] { GradCam(Model::create(net.desc())); }, "(Dot)");
}

TEST_P(GradCamHeads, SqueezeAndExciteBehindThePooling) {
  ModelBuilder net = identity_map();
  const std::string map = net.pool("AveragePooling2D", {});
  net.add("GlobalAveragePooling2D", {{"keepdims", value(true)}});
  const std::string factors = net.conv({.filters = 6, .activation = "sigmoid"});
  net.add("Multiply", {}, {}, {map, factors});
  net.add("Flatten");
  net.dense(kClasses, "softmax");
  expect_as_differences(net);
}

TEST(GradCamCheck, NoticesWrongGradients) {
  ModelBuilder net = identity_map();
  net.add("GlobalAveragePooling2D");
  net.dense(kClasses, "softmax");
  const std::vector<float> image = net.image(1);
  const auto want = by_differences(net, image, 0);
  std::vector<float> got = heat(net, image, 0);
  EXPECT_LE(difference(got, want), kTolerance);
  EXPECT_GT(difference(heat(net, image, 1), want), 1e-2);
  got[3] += 4 * static_cast<float>(kTolerance);
  EXPECT_GT(difference(got, want), kTolerance);
}

// One class all but certain: in float its probability is 1 and the gradient zero.
TEST(GradCamMap, OfACertainClass) {
  ModelBuilder net = identity_map();
  net.add("GlobalAveragePooling2D");
  const std::vector<float> kernel = {1, -1, 2, 0, -1, 3, 2, 2, -2, 1, 1, 0};
  net.add("Dense", {{"units", value(2)}, {"activation", value("softmax")}},
          {weight("kernel", {6, 2}, kernel), weight("bias", {2}, {90, 0})});
  const std::vector<float> image = net.image(4);
  const auto model = Model::create(net.desc());
  Session session(model, {.keep_last_convolution = true});
  std::ranges::copy(image, session.input().begin());
  session.run();
  ASSERT_EQ(session.output()[0], 1);
  // Of two classes the gradient is a multiple of the difference of their weights.
  std::vector<double> want(20);
  for (std::size_t i = 0; i < image.size(); ++i) {
    want[i / 6] += double{kernel[i % 6 * 2] - kernel[i % 6 * 2 + 1]} * image[i];
  }
  const double largest = *std::ranges::max_element(want);
  ASSERT_GT(largest, 0);
  for (double& place : want) place = std::max(0.0, place) / largest;
  EXPECT_LE(difference(heat(GradCam(model), session, 0), want), 1e-6);
}

TEST(GradCamMap, IsZeroWhereNothingSpeaksForTheClass) {
  ModelBuilder net = identity_map();
  net.add("GlobalAveragePooling2D");
  net.add("Dense", {{"units", value(1)}},
          {weight("kernel", {6, 1}, {-1, -1, -1, -1, -1, -1}), weight("bias", {1}, {0})});
  EXPECT_EQ(heat(net, std::vector<float>(120, 0.5f), 0), std::vector<float>(20, 0));
}

// The feature map lies behind all that follows the last convolution on its grid, and is never written over.
TEST(GradCamMap, StandsBehindTheLastConvolution) {
  const auto layer = [](const ModelBuilder& net) { return GradCam(Model::create(net.desc())).layer(); };
  ModelBuilder net({8, 9, 3});
  net.conv({.filters = 20, .kh = 3, .kw = 3, .same = true, .activation = "relu"});
  const std::string start = net.batch_norm();
  ModelBuilder pooled = net;
  pooled.dense(2, "linear", true, pooled.add("Flatten", {}, {}, {pooled.pool("MaxPooling2D", {})}));
  EXPECT_EQ(layer(pooled), start);
  net.batch_norm(net.conv({.filters = 20, .kh = 3, .kw = 3, .same = true}));
  const std::string sum = net.add("Add", {}, {}, {net.last(), start});
  const std::string residual = net.relu();
  ModelBuilder excited = net;
  excited.add("GlobalAveragePooling2D", {{"keepdims", value(true)}});
  const std::string factors = excited.conv({.filters = 20, .activation = "sigmoid"});
  const std::string scaled = excited.add("Multiply", {}, {}, {residual, factors});
  excited.dense(2, "linear", true, excited.add("GlobalAveragePooling2D"));
  net.dense(2, "linear", true, net.add("GlobalAveragePooling2D"));
  EXPECT_EQ(layer(net), residual);
  ModelBuilder mobile({8, 9, 16});  // what comes before a layer and runs within it does not name its result
  mobile.relu(mobile.conv({.filters = 20}));
  mobile.zero_padding(1, 1, 1, 1);
  const std::string depthwise =
      mobile.add("DepthwiseConv2D", {{"kernel_size", pair(3, 3)}},
                 {mobile.random_weight("depthwise_kernel", {3, 3, 20, 1}), mobile.random_weight("bias", {20})});
  mobile.dense(2, "linear", true, mobile.add("GlobalAveragePooling2D"));
  EXPECT_EQ(layer(mobile), depthwise);
  EXPECT_EQ(layer(excited), scaled);
}

// Its head has several branches, and layers of several tasks.
ModelBuilder branched_network() {
  ModelBuilder net({33, 29, 3});
  net.batch_norm(net.conv({.filters = 72, .kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2}));
  const std::string map = net.relu();
  const std::string average = net.add("GlobalAveragePooling2D", {}, {}, {map});
  const std::string most = net.add("GlobalMaxPooling2D", {}, {}, {map});
  const std::string cells = net.add("Flatten", {}, {}, {net.pool("MaxPooling2D", {}, map)});
  net.add("Concatenate", {}, {}, {average, most, cells});
  net.dense(130, "swish");
  net.dense(5, "softmax");
  return net;
}

class GradCamBits : public KernelTest {};
FOVEA_EVERY_TABLE(GradCamBits);

std::vector<std::vector<float>> all_maps(const ModelBuilder& net, const ModelOptions& options, int threads, int batch) {
  const auto model = Model::create(net.desc(), options);
  const GradCam cam(model);
  Session session(model, {.max_batch = batch, .threads = threads, .keep_last_convolution = true});
  Session plain(model, {.max_batch = batch, .threads = threads});
  std::vector<std::vector<float>> maps;
  for (int first = 0; first < 3; first += batch) {
    for (int i = 0; i < batch; ++i) {
      const auto image = net.image(static_cast<std::uint32_t>(first + i));
      std::ranges::copy(image, session.input(i).begin());
      std::ranges::copy(image, plain.input(i).begin());
    }
    session.run(batch);
    plain.run(batch);
    for (int i = 0; i < batch; ++i) {
      EXPECT_TRUE(same_bits(session.output(i), plain.output(i)));
      maps.push_back(heat(cam, session, 1, i));
    }
  }
  return maps;
}

TEST_P(GradCamBits, DoNotDependOnThreadsOrBatch) {
  for (const ModelBuilder& net : {branched_network(), every_convolution()}) {
    const ModelOptions options{.isa = isa_name(table().isa)};
    const auto want = all_maps(net, options, 1, 1);
    EXPECT_FALSE(same_bits(want[0], want[1]));
    for (const int threads : {1, 3}) {
      const auto got = all_maps(net, options, threads, 3);
      for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(same_bits(got[i], want[i])) << threads << " threads, image " << i;
    }
  }
}

class GradCamTables : public SameBits {};

TEST_F(GradCamTables, Avx2AndAvx512Agree) {
  for (const ModelBuilder& net : {branched_network(), every_convolution()}) {
    const auto one = all_maps(net, {.isa = "avx2"}, 1, 1), other = all_maps(net, {.isa = "avx512"}, 2, 3);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(same_bits(one[i], other[i]));
  }
}

TEST(GradCamRefusals, Models) {
  ModelBuilder vector({4});
  vector.dense(2);
  refused([&] { GradCam(Model::create(vector.desc())); }, "no convolution over more than one pixel");
  refused([&] { GradCam(Model::create(identity_map().desc())); }, "is no vector of scores");
  ModelBuilder reduced = identity_map();
  reduced.pool("MaxPooling2D", {});
  refused([&] { GradCam(Model::create(reduced.desc())); }, "is no vector of scores");
  ModelBuilder two = identity_map();
  two.add("GlobalAveragePooling2D");
  two.output(two.dense(2));
  two.dense(3);
  refused([&] { GradCam(Model::create(two.desc())); }, "the model has 2 outputs");
  ModelBuilder valid = identity_map();
  const std::string convolution = valid.conv({.filters = 2, .kh = 4, .kw = 5});
  valid.add("Flatten");
  refused([&] { GradCam(Model::create(valid.desc())); }, ("'" + convolution + "' (Conv2D)").c_str());
}

TEST(GradCamRefusals, Arguments) {
  ModelBuilder net = identity_map();
  net.add("GlobalAveragePooling2D");
  net.dense(kClasses);
  const auto model = Model::create(net.desc());
  const GradCam cam(model);
  EXPECT_EQ(cam.height(), 4);
  EXPECT_EQ(cam.width(), 5);
  EXPECT_EQ(cam.classes(), kClasses);
  std::vector<float> map(20), small(19);
  Session session(model, {.max_batch = 2, .keep_last_convolution = true});
  refused([&] { cam.map(session, 0, map); }, "image 0 was not part of the session's last run");
  session.run();
  EXPECT_NO_THROW(cam.map(session, 0, map));
  refused([&] { cam.map(session, 0, map, 1); }, "image 1 was not part");
  refused([&] { cam.map(session, 0, map, -1); }, "image -1 was not part");
  for (const int wrong : {-1, kClasses}) refused([&] { cam.map(session, wrong, map); }, "is outside the model's 3");
  refused([&] { cam.map(session, 0, small); }, "another size");
  Session plain(model), other(Model::create(net.desc()), {.keep_last_convolution = true});
  plain.run();
  refused([&] { cam.map(plain, 0, map); }, "without keep_last_convolution");
  other.run();
  refused([&] { cam.map(other, 0, map); }, "another model");
  std::ranges::fill(session.input(), std::nanf(""));
  session.run();
  refused([&] { cam.map(session, 0, map); }, "not finite");
}

}  // namespace
}  // namespace fovea::test
