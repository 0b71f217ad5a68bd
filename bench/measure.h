// The layer-by-layer measurement.
#pragma once

#include "bench/options.h"
#include "bench/report.h"

namespace fovea::bench {

/// Loads the model (or makes one), measures the machine's peaks, the network in situ and its distinct layers alone.
Report measure(const Options& options);

}  // namespace fovea::bench
