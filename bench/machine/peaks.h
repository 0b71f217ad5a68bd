// What the machine can do at most, measured: arithmetic and memory.
#pragma once

#include <cstdint>
#include <string>

#include "bench/machine/roofline.h"

namespace fovea::bench {

struct MeasuredPeaks {
  Peaks peaks;
  std::int64_t read_bytes = 0;  ///< how much memory one reading pass went through, all threads together
};

/// Best of several rounds, all `threads` at once: multiply-adds in registers with the vectors of `isa`
/// (Model::isa()), and reading of memory far beyond the last cache. Throws Error.
MeasuredPeaks measure_peaks(const std::string& isa, int threads);

}  // namespace fovea::bench
