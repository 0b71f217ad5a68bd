// The order of the passes.
#include "engine/passes/passes.h"

namespace fovea {

void run_passes(Graph& graph) {
  drop_identities(graph);
  fuse_padding(graph);
  fuse_epilogues(graph);
  graph.compact();
  propagate_strides(graph);
  graph.infer_shapes();
  fuse_pixel_convs(graph);
  assign_layouts(graph);
}

}  // namespace fovea
