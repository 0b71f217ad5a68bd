// Times single layers by themselves with Google Benchmark.
#pragma once

#include <cstddef>
#include <vector>

#include <fovea/session.h>
#include "bench/machine/times.h"

namespace fovea::bench {

/// Times of layers, each run over and over on the same data: weights and activations stay in the caches that hold
/// them. Whole batches; each sample is a mean over many runs, and the summary is over several such samples.
std::vector<Times> time_alone(Session& session, const std::vector<std::size_t>& layers, int batch);

}  // namespace fovea::bench
