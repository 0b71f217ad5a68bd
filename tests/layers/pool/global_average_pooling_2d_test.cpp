// GlobalAveragePooling2D with and without keepdims.
#include "tests/layers/pool/global_cases.h"

namespace fovea::test {
namespace {

class GlobalAveragePooling2D : public GlobalPoolingTest {};
FOVEA_EVERY_TABLE(GlobalAveragePooling2D);

TEST_P(GlobalAveragePooling2D, EveryChannelCount) { check("GlobalAveragePooling2D"); }

TEST(GlobalAveragePooling2DConfig, Refuses) { expect_global_pooling_refuses("GlobalAveragePooling2D"); }

}  // namespace
}  // namespace fovea::test
