// Flatten: the order height, width, channel.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Flatten : public LayerTest {};
FOVEA_EVERY_TABLE(Flatten);

TEST_P(Flatten, Order) {
  for (int c = 1; c <= 40; ++c) {
    SCOPED_TRACE(c);
    ModelBuilder net({1 + c % 3, 1 + c % 4, c}, true);
    net.add("Flatten");
    EXPECT_EQ(net.shape(net.last()), Shape{net.input_shape().elements()});
    expect_matches(net);
    net.dense(5);
    expect_matches(net);
  }
}

// A vector comes first in counting order, whatever the layout was before.
TEST_P(Flatten, CountsInKerasOrder) {
  ModelBuilder net({2, 3, 17});
  net.relu();
  net.add("Flatten");
  Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
  for (std::size_t i = 0; i < session.input().size(); ++i) session.input()[i] = static_cast<float>(i);
  session.run();
  for (std::size_t i = 0; i < session.output().size(); ++i) ASSERT_EQ(session.output()[i], static_cast<float>(i));
}

// A sequence of vectors, which other layers of the kind take as it is.
TEST_P(Flatten, OfTwoDimensions) {
  ModelBuilder net({5, 18}, true);
  net.batch_norm();
  net.add("Add", {}, {}, {"input", net.last()});
  net.add("Flatten");
  net.dense(3);
  expect_matches(net);
}

TEST_P(Flatten, OfAVectorDoesNothing) {
  ModelBuilder net({7}, true);
  net.add("Flatten");
  net.dense(3);
  net.add("Flatten");
  expect_matches(net);
  const auto model = Model::create(net.desc());
  for (const LayerReport& layer : model->layers()) EXPECT_NE(layer.class_name, "Flatten");
}

TEST(FlattenConfig, Refuses) {
  expect_layer_error<UnsupportedError>({4, 4, 3}, "Flatten", {{"data_format", value("channels_first")}}, {},
                                       {"layer 'layer1' (Flatten)", "data_format"});
  expect_layer_error<UnsupportedError>({4, 4, 3}, "Flatten", {{"order", value("chw")}}, {},
                                       {"layer 'layer1' (Flatten)", "order"});
  ModelBuilder two({4, 4, 3});
  two.add("Flatten", {}, {}, {"input", "input"});
  expect_error<Error>(two.desc(), {"layer 'layer1' (Flatten)", "takes one input, has 2"});
}

}  // namespace
}  // namespace fovea::test
