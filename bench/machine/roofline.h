// The roofline model: what a piece of work could reach at most on a machine, and how near to it a time is.
#pragma once

namespace fovea::bench {

struct Peaks {
  double gflops = 0;    ///< arithmetic
  double gb_per_s = 0;  ///< memory, reading
};

struct Work {
  double flops = 0;
  double bytes = 0;  ///< that must be moved at least: weights once, inputs and outputs once
};

/// Work that took a time, against the peaks. Percentages above 100 are real: Winograd does less arithmetic than the
/// direct convolution that is counted, values that nobody reads are left out, and activations may come from a cache.
struct Efficiency {
  double gflops = 0;
  double percent_of_peak = 0;
  double percent_of_roofline = 0;  ///< of the roof over its intensity; of the bandwidth where there is no arithmetic
};

/// FLOP per byte.
double intensity(const Work& work);

/// min(peak, intensity * bandwidth), in GFLOP/s.
double roof(const Peaks& peaks, double intensity);

/// The intensity from which on arithmetic binds and no longer memory.
double ridge(const Peaks& peaks);

Efficiency efficiency(const Work& work, double milliseconds, const Peaks& peaks);

}  // namespace fovea::bench
