// The optimising passes, in the order in which they run. Each rewrites the graph so that its results stay the same up
// to rounding. A pass asks layers what they can do (layers/layer.h) and knows none by name.
#pragma once

#include "engine/graph/graph.h"

namespace fovea {

/// Drops layers whose result is their input.
void drop_identities(Graph& graph);
/// Merges zero padding into the convolution or pooling that alone reads it.
void fuse_padding(Graph& graph);
/// Folds affine maps (batch normalisation), sums (residual connections) and clamps (ReLU) into the layer before them.
void fuse_epilogues(Graph& graph);
/// Computes nothing that is passed over by strided 1x1 convolutions: their stride moves to the layers they read, and
/// from those further up. No value that is computed changes.
void propagate_strides(Graph& graph);
/// Takes 1x1 convolutions into the depthwise ones that alone read them: what lies between is never whole in memory.
void fuse_pixel_convs(Graph& graph);
/// Inserts layout changes where a layer wants another layout than its input has, and before the model's outputs; one
/// serves all who read it.
void assign_layouts(Graph& graph);

/// All of them.
void run_passes(Graph& graph);

}  // namespace fovea
