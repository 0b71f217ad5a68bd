// AveragePooling2D: padding of "same" is not counted, zeros of a ZeroPadding2D are.
#include "tests/layers/pool/pooling_cases.h"

namespace fovea::test {
namespace {

class AveragePooling2D : public PoolingTest {};
FOVEA_EVERY_TABLE(AveragePooling2D);

TEST_P(AveragePooling2D, RandomGeometry) { check_random("AveragePooling2D"); }
TEST_P(AveragePooling2D, ZeroPaddingBefore) { check_padded("AveragePooling2D"); }

TEST_P(AveragePooling2D, PaddingOfOnes) {
  for (const bool zeros : {true, false}) {
    ModelBuilder net({3, 3, 2});
    if (zeros) net.zero_padding(1, 1, 1, 1);
    net.pool("AveragePooling2D", {.kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2, .same = !zeros});
    Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
    std::fill(session.input().begin(), session.input().end(), 1.0f);
    session.run();
    ASSERT_EQ(session.output().size(), 8u);
    for (const float x : session.output()) EXPECT_EQ(x, zeros ? 4.0f / 9 : 1.0f);
  }
}

TEST(AveragePooling2DConfig, Refuses) { expect_pooling_refuses("AveragePooling2D"); }

}  // namespace
}  // namespace fovea::test
