// The end of a network: its last convolution's feature map, and what makes the answer of it.
#pragma once

#include <string>
#include <vector>

#include "engine/graph/graph.h"

namespace fovea {

/// The map is that of the last convolution over more than one pixel, behind everything that follows it on the same
/// grid (normalisation, activation, residual sum, concatenation): conv5_block3_out of ResNet50, block5_conv3 of VGG16.
struct Head {
  int map = -1;             ///< node, -1 if there is no such convolution
  std::string layer;        ///< whose result the map is
  std::vector<int> nodes;   ///< between the map and the output, in the order of the run
  std::vector<int> values;  ///< the map, those nodes, and what else they read
};

/// Of a graph after its passes, while it has its layers.
Head find_head(const Graph& graph);

}  // namespace fovea
