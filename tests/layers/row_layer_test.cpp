// Keras' 1D layers on rows, and Dense on rows and maps.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class RowLayer : public LayerTest {};
FOVEA_EVERY_TABLE(RowLayer);

TEST_P(RowLayer, Pooling) {
  for (const char* kind : {"MaxPooling1D", "AveragePooling1D"}) {
    for (const bool same : {false, true}) {
      SCOPED_TRACE(kind);
      ModelBuilder net({17, 20});
      net.relu();
      net.add(kind,
              {{"pool_size", list({value(3)})}, {"strides", value(2)}, {"padding", value(same ? "same" : "valid")}});
      net.add(kind, {{"pool_size", value(2)}});
      expect_matches(net);
    }
  }
  for (const char* kind : {"GlobalMaxPooling1D", "GlobalAveragePooling1D"}) {
    for (const bool keepdims : {false, true}) {
      ModelBuilder net({17, 20});
      net.add(kind, {{"keepdims", value(keepdims)}});
      expect_matches(net);
    }
  }
}

TEST_P(RowLayer, PaddingCroppingUpSampling) {
  ModelBuilder net({11, 5}, true);
  net.add("ZeroPadding1D", {{"padding", pair(2, 3)}});
  net.add("UpSampling1D", {{"size", value(3)}});
  net.add("Cropping1D", {{"cropping", pair(4, 1)}});
  expect_matches(net);
}

TEST_P(RowLayer, DenseOnRowsAndMaps) {
  for (const Shape& shape : {Shape{6, 20}, Shape{5, 3, 18}, Shape{5, 3, 3}}) {
    for (const char* activation : {"linear", "relu", "tanh"}) {
      SCOPED_TRACE(shape.str());
      ModelBuilder net(shape);
      net.dense(21, activation);
      net.relu();
      net.dense(4, "linear", false);
      expect_matches(net);
    }
  }
}

TEST(RowLayerConfig, Refuses) {
  const auto layer = "layer 'layer1' (MaxPooling1D)";
  expect_layer_error<Error>({4, 4, 3}, "MaxPooling1D", {{"pool_size", value(2)}}, {}, {layer, "rows"});
  expect_layer_error<Error>({9, 3}, "MaxPooling1D", {}, {}, {layer, "pool_size"});
  expect_layer_error<Error>({9, 3}, "MaxPooling1D", {{"pool_size", pair(1, 2)}}, {}, {layer, "one dimension"});
}

}  // namespace
}  // namespace fovea::test
