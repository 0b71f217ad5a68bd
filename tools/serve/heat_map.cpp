// Where a picture drove its grade.
#include "tools/serve/heat_map.h"

#include "layers/error.h"

namespace fovea::tools {

bool has_heat_map(const Model&) { return false; }

HeatMap heat_map_of(Session&, const ModelCard&, const Image&, int) { throw Error("this build computes no heat maps"); }

}  // namespace fovea::tools
