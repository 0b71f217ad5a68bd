// InputLayer: which shapes a model's input may have.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class InputLayer : public LayerTest {};
FOVEA_EVERY_TABLE(InputLayer);

// The input may be the output, and may be read by layers of either layout.
TEST_P(InputLayer, IsItsOwnResult) {
  for (const Shape& shape :
       {Shape{1}, Shape{19}, Shape{3, 4, 5}, Shape{2, 3, 32}, Shape{2, 1, 3, 17}, Shape{2, 1, 3, 2, 2, 5}}) {
    ModelBuilder net(shape, true);
    expect_matches(net);
    net.relu();
    net.add("Add", {}, {}, {net.last(), "input"});
    expect_matches(net);
  }
}

ModelDesc with_shape(const Attribute& shape) {
  ModelDesc desc;
  desc.nodes.push_back({LayerConfig("InputLayer", "input", {{"shape", shape}}, {}), {}});
  desc.inputs = desc.outputs = {"input"};
  return desc;
}

TEST(InputLayerConfig, Refuses) {
  EXPECT_NO_THROW(Model::create(with_shape(list({value(4)}))));
  expect_error<UnsupportedError>(with_shape(list({null(), null(), value(3)})),
                                 {"layer 'input' (InputLayer)", "unknown size"});
  for (const Attribute& bad : {null(), value(3), value("224x224x3"), list({}), list({value(0)}), list({value(-1)}),
                               list({value(2.5)}), list({value(1 << 21)})}) {
    expect_error<Error>(with_shape(bad), {"layer 'input' (InputLayer)", "shape"});
  }
  expect_error<Error>(with_shape(list({value(1 << 20), value(1 << 20), value(1 << 20)})),
                      {"layer 'input' (InputLayer)", "too large"});
  expect_error<UnsupportedError>(with_shape(list(AttributeList(7, value(1)))), {"'input'", "7 dimensions"});
  // 2^28 pixels fit as they are but not in blocks of 16 channels.
  expect_error<Error>(with_shape(list({value(1 << 14), value(1 << 14), value(3)})), {"'input'", "too large"});
}

}  // namespace
}  // namespace fovea::test
