// ResNet50 under its two sets of layer names.
#pragma once

#include <cstdint>

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// As keras.applications builds it since 2019: `conv1_conv` ... `conv5_block3_out`, BN epsilon 1.001e-5; with `top`
/// also `avg_pool` and the ImageNet classifier `predictions`.
Architecture resnet50(std::int64_t side, bool top);

/// As keras-applications built it before: `conv1`, `bn_conv1`, `res2a_branch2a` ... `fc1000`, BN epsilon 1e-3. Before
/// August 2018 its first pooling had no padding; a weights file does not tell which of the two it belongs to, and the
/// ImageNet weights have been used with padding ever since, so padding it is.
Architecture old_resnet50(std::int64_t side, bool top);

}  // namespace fovea::keras
