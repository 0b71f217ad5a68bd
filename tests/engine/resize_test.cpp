// A model and a session brought to other input sizes, against the same network made for that size.
#include <algorithm>

#include <fovea/session.h>
#include "tests/engine/networks.h"
#include "tests/support/refused.h"

namespace fovea::test {
namespace {

// Two inputs of any size, all kinds of convolutions, a vector and a map as outputs. Its weights do not depend on sizes.
ModelBuilder network(const Shape& size) {
  ModelBuilder net(size);
  const std::string other = net.input(size);
  const auto branch = [&](const std::string& from) {
    net.conv({.filters = 32, .kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2, .same = true}, from);
    net.batch_norm();
    return net.relu();
  };
  const std::string first = branch("input"), second = branch(other);
  net.add("Add", {}, {}, {first, second});
  net.conv({.filters = 32, .kh = 3, .kw = 3, .same = true, .activation = "relu"});
  net.conv({.filters = 40, .activation = "relu"});
  net.add("DepthwiseConv2D", {{"kernel_size", pair(3, 3)}, {"padding", value("same")}},
          {net.random_weight("depthwise_kernel", {3, 3, 40, 1}), net.random_weight("bias", {40})});
  net.output(net.conv({.filters = 24, .kh = 3, .kw = 3, .same = true, .groups = 4}));
  net.pool("MaxPooling2D", {});
  net.add("GlobalAveragePooling2D");
  net.dense(7, "softmax");
  return net;
}

std::vector<float> answers(Session& session, std::uint32_t seed) {
  for (int index = 0; index < 2; ++index) {
    for (int image = 0; image < session.max_batch(); ++image) {
      Random random(seed + static_cast<std::uint32_t>(10 * index + image));
      for (float& x : session.input(image, index)) x = random.real(-1, 1);
    }
  }
  session.run(session.max_batch());
  std::vector<float> all;
  for (int index = 0; index < 2; ++index) {
    for (int image = 0; image < session.max_batch(); ++image) {
      const auto output = session.output(image, index);
      all.insert(all.end(), output.begin(), output.end());
    }
  }
  return all;
}

TEST(Resize, AnySizeAsIfMadeForIt) {
  for (const Arithmetic arithmetic : {Arithmetic::direct, Arithmetic::fast}) {
    const ModelOptions options{.arithmetic = arithmetic, .resizable = true};
    Session session(Model::create(network({32, 32, 3}).desc(), options), {.max_batch = 2, .threads = 2});
    for (const Shape& size : {Shape{64, 48, 3}, Shape{17, 90, 3}, Shape{6, 5, 3}, Shape{32, 32, 3}}) {
      SCOPED_TRACE(size.str());
      session.resize({size, size});
      EXPECT_EQ(session.model().input_shape(0), size);
      EXPECT_EQ(session.model().input_shape(1), size);
      EXPECT_EQ(session.max_batch(), 2);
      EXPECT_EQ(session.threads(), 2);
      Session made(Model::create(network(size).desc(), {.arithmetic = arithmetic}), {.max_batch = 2, .threads = 1});
      EXPECT_EQ(answers(session, 5), answers(made, 5));
      EXPECT_NE(answers(session, 5), answers(session, 6));
    }
  }
}

TEST(Resize, TheModelItselfStaysAsItIs) {
  const auto model = Model::create(network({20, 20, 3}).desc(), {.resizable = true});
  const auto larger = model->resized({{40, 44, 3}, {40, 44, 3}});
  EXPECT_EQ(model->input_shape(), (Shape{20, 20, 3}));
  EXPECT_EQ(larger->input_shape(), (Shape{40, 44, 3}));
  EXPECT_EQ(larger->isa(), model->isa());
  EXPECT_EQ(larger->parameters(), model->parameters());
  Session back(larger->resized({{20, 20, 3}, {20, 20, 3}})), before(model);
  EXPECT_EQ(answers(back, 3), answers(before, 3));
}

TEST(Resize, TheSameSizeChangesNothing) {
  Session session(Model::create(network({20, 20, 3}).desc()));  // not even asked whether it could
  const Model* model = &session.model();
  session.resize({{20, 20, 3}, {20, 20, 3}});
  EXPECT_EQ(&session.model(), model);
}

TEST(Resize, AnErrorLeavesTheSessionAsItWas) {
  const Shape size{20, 20, 3};
  Session fixed(Model::create(network(size).desc()));
  refused([&] { fixed.resize({{24, 24, 3}, {24, 24, 3}}); }, "the model was not made to be resized");
  Session session(Model::create(network(size).desc(), {.resizable = true}));
  const std::vector<float> want = answers(session, 1);
  refused([&] { session.resize({{24, 24, 3}}); }, "the model has 2 inputs, 1 sizes are given");
  refused([&] { session.resize({{24, 24, 3}, {24, 22, 3}}); }, "12x11x32");
  refused([&] { session.resize({{24, 24, 4}, {24, 24, 4}}); }, "24x24x4");
  refused([&] { session.resize({{0, 24, 3}, {0, 24, 3}}); }, "has no usable shape");
  refused([&] { session.resize({{2, 2, 3}, {2, 2, 3}}); }, "");
  refused([&] { session.resize({Shape{}, Shape{}}); }, "has no usable shape");
  refused([&] { session.resize({{1 << 20, 1 << 20, 3}, {1 << 20, 1 << 20, 3}}); }, "too large");
  EXPECT_EQ(answers(session, 1), want);
}

// Dense layers pack their weights in place where nobody else holds them; here the model does.
TEST(Resize, LargeDenseKernelsAreNotPackedOverTheSource) {
  const auto flat = [](std::int64_t side) {
    ModelBuilder net({side, side, 3});
    net.add("GlobalMaxPooling2D");
    net.dense(4096, "relu");
    net.dense(1024);
    return net;
  };
  ModelDesc desc = flat(4).desc();
  for (NodeDesc& node : desc.nodes) {
    std::vector<Weight> weights = node.config.weights();
    for (Weight& weight : weights) weight.reusable = true;
    AttributeMap attributes;
    copy_attributes(node.config, {"units", "activation", "use_bias", "shape"}, attributes);
    node.config = LayerConfig(node.config.class_name(), node.config.name(), attributes, std::move(weights));
  }
  Session session(Model::create(std::move(desc), {.resizable = true})), want(Model::create(flat(9).desc()));
  session.resize({{9, 9, 3}});
  for (Session* s : {&session, &want}) {
    std::fill(s->input().begin(), s->input().end(), 0.5f);
    s->run();
  }
  EXPECT_TRUE(std::ranges::equal(session.output(), want.output()));
}

}  // namespace
}  // namespace fovea::test
