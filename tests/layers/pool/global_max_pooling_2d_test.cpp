// GlobalMaxPooling2D with and without keepdims.
#include "tests/layers/pool/global_cases.h"

namespace fovea::test {
namespace {

class GlobalMaxPooling2D : public GlobalPoolingTest {};
FOVEA_EVERY_TABLE(GlobalMaxPooling2D);

TEST_P(GlobalMaxPooling2D, EveryChannelCount) { check("GlobalMaxPooling2D"); }

TEST(GlobalMaxPooling2DConfig, Refuses) { expect_global_pooling_refuses("GlobalMaxPooling2D"); }

}  // namespace
}  // namespace fovea::test
