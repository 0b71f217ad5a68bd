// Dropout does nothing at inference and costs nothing.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Dropout : public LayerTest {};
FOVEA_EVERY_TABLE(Dropout);

TEST_P(Dropout, IsDropped) {
  for (const Shape& shape : {Shape{19}, Shape{3, 4, 5}, Shape{3, 4, 18}}) {
    ModelBuilder net(shape, true);
    net.add("Dropout", {{"rate", value(0.5)}, {"seed", value(7)}, {"noise_shape", null()}});
    expect_matches(net);
    net.relu();
    net.add("Dropout", {{"rate", value(0.9)}});
    expect_matches(net);
    const auto model = Model::create(net.desc());
    for (const LayerReport& layer : model->layers()) EXPECT_NE(layer.class_name, "Dropout");
  }
}

TEST_P(Dropout, Relatives) {
  ModelBuilder net({6, 5, 3}, true);
  for (const char* kind : {"SpatialDropout2D", "AlphaDropout", "GaussianDropout", "Identity"}) net.add(kind);
  net.add("GaussianNoise", {{"stddev", value(0.5)}});
  net.add("ActivityRegularization", {{"l1", value(0.5)}});
  net.add("StochasticDepth", {{"drop_path_rate", value(0.5)}});
  net.add("RandomFlip", {{"mode", value("horizontal")}});
  net.add("RandomRotation", {{"factor", pair(-1, 1)}, {"fill_mode", value("reflect")}});
  net.add("AugMix", {{"value_range", pair(0, 255)}, {"num_chains", value(3)}, {"chain_depth", value(3)}});
  net.add("CutMix", {{"factor", value(1.0)}, {"data_format", value("channels_last")}});
  net.add("MixUp", {{"alpha", value(0.2)}, {"data_format", value("channels_last")}});
  net.add("RandAugment", {{"value_range", pair(0, 255)}, {"num_ops", value(2)}, {"factor", value(0.5)}});
  net.add("RandomErasing", {{"factor", value(1.0)}, {"scale", list({value(0.02), value(0.33)})}});
  net.relu();
  expect_matches(net);
}

TEST(DropoutConfig, Refuses) {
  // Called with training=True it would compute something.
  expect_layer_error<UnsupportedError>({4}, "Dropout", {{"call_arguments", object({{"training", value(true)}})}}, {},
                                       {"layer 'layer1' (Dropout)", "a call with training = true is not supported"});

  expect_layer_error<UnsupportedError>({4}, "Dropout", {{"at_inference", value(true)}}, {},
                                       {"layer 'layer1' (Dropout)", "at_inference"});
  expect_layer_error<Error>({4}, "Dropout", {}, {weight("mask", {1}, {0})},
                            {"layer 'layer1' (Dropout)", "'mask' is not expected"});
}

}  // namespace
}  // namespace fovea::test
