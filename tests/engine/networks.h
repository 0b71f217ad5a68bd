// Networks for the tests of the engine.
#pragma once

#include "tests/support/model_builder.h"

namespace fovea::test {

/// A small classifier that uses every layer fovea has, residual connections and branches.
ModelBuilder every_layer(std::uint32_t seed = test_seed());

/// A residual network whose 3x3 convolutions take F(4x4,3x3), F(2x2,3x3) and the direct way under `fast`.
ModelBuilder every_convolution(std::uint32_t seed = test_seed());

/// A random graph of maps: convolutions, sums, pooling and what is between them, ending in a vector; one or two inputs,
/// and up to two of the maps on the way as outputs besides. Everything is read.
ModelBuilder random_network(std::uint32_t seed);

}  // namespace fovea::test
