// MaxPooling2D, also with zeros around it.
#include "tests/layers/pool/pooling_cases.h"

namespace fovea::test {
namespace {

class MaxPooling2D : public PoolingTest {};
FOVEA_EVERY_TABLE(MaxPooling2D);

TEST_P(MaxPooling2D, RandomGeometry) { check_random("MaxPooling2D"); }
TEST_P(MaxPooling2D, ZeroPaddingBefore) { check_padded("MaxPooling2D"); }

// Zeros of a ZeroPadding2D win over negative values, padding of "same" does not.
TEST_P(MaxPooling2D, PaddingOfNegativeMaps) {
  for (const bool zeros : {true, false}) {
    ModelBuilder net({3, 3, 2});
    if (zeros) net.zero_padding(1, 1, 1, 1);
    net.pool("MaxPooling2D", {.kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2, .same = !zeros});
    Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
    std::fill(session.input().begin(), session.input().end(), -1.0f);
    session.run();
    ASSERT_EQ(session.output().size(), 8u);
    for (const float x : session.output()) EXPECT_EQ(x, zeros ? 0.0f : -1.0f);
  }
}

TEST_P(MaxPooling2D, DefaultsToItsOwnSizeAsStride) {
  ModelBuilder net({6, 7, 3});
  net.add("MaxPooling2D", {{"pool_size", pair(3, 2)}, {"strides", null()}});
  EXPECT_EQ(net.shape(net.last()), (Shape{2, 3, 3}));
  expect_matches(net);
  net.add("MaxPooling2D");
  EXPECT_EQ(net.shape(net.last()), (Shape{1, 1, 3}));
}

TEST(MaxPooling2DConfig, Refuses) { expect_pooling_refuses("MaxPooling2D"); }

}  // namespace
}  // namespace fovea::test
