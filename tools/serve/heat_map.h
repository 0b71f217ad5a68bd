// Where a picture drove its grade: the engine's Grad-CAM for one prepared picture.
#pragma once

#include <memory>
#include <vector>

#include "engine/fovea.h"
#include "loaders/card/card.h"
#include "loaders/image/prepare.h"

namespace fovea::tools {

/// Row by row, each value in [0, 1]; stretched it covers what the network saw.
struct HeatMap {
  int width = 0, height = 0;
  std::vector<float> values;
};

/// True if heat maps can be computed for `model`.
bool has_heat_map(const Model& model);

/// Of the class `grade`. Runs the network once more in `session`. Throws Error if the model allows none.
HeatMap heat_map_of(Session& session, const ModelCard& card, const Image& prepared, int grade);

}  // namespace fovea::tools
