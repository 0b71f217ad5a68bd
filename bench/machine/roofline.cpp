// The arithmetic of the roofline model.
#include "bench/machine/roofline.h"

#include <algorithm>

namespace fovea::bench {

double intensity(const Work& work) { return work.flops / work.bytes; }

double roof(const Peaks& peaks, double intensity) { return std::min(peaks.gflops, intensity * peaks.gb_per_s); }

double ridge(const Peaks& peaks) { return peaks.gflops / peaks.gb_per_s; }

Efficiency efficiency(const Work& work, double milliseconds, const Peaks& peaks) {
  const double seconds = milliseconds * 1e-3;
  Efficiency result;
  result.gflops = work.flops * 1e-9 / seconds;
  result.percent_of_peak = 100 * result.gflops / peaks.gflops;
  // gflops / roof, written so that it holds without arithmetic as well.
  const double least_seconds = std::max(work.flops / peaks.gflops, work.bytes / peaks.gb_per_s) * 1e-9;
  result.percent_of_roofline = 100 * least_seconds / seconds;
  return result;
}

}  // namespace fovea::bench
