// Layers that are the same work are one row: which layers of a model those are.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <fovea/model.h>
#include "bench/machine/roofline.h"

namespace fovea::bench {

/// Layers of one class, kernel, shapes, arithmetic and weights, into which as many others were merged.
struct Distinct {
  std::vector<std::size_t> layers;  ///< where in Model::layers(), in order, at least one
  std::string kind;                 ///< see kind_of
};

/// In the order in which they first occur. Input layers compute nothing and are left out.
std::vector<Distinct> distinct_layers(const std::vector<LayerReport>& layers);

/// "3x3 Winograd", "1x1", "3x3", "7x7" of convolutions, else the class name.
std::string kind_of(const LayerReport& layer);

/// One run of the layer on `batch` images: weights are read once, inputs and the output move for each image.
Work work_of(const LayerReport& layer, int batch);

/// "56x56x64 -> 56x56x256", of several inputs "56x56x64 (+1) -> 56x56x256".
std::string shapes_text(const LayerReport& layer);

}  // namespace fovea::bench
