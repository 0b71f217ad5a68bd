// Times a whole model as a program that only loads and runs: nothing else is measured in the same process.
#pragma once

#include <string>

#include "bench/options.h"

namespace fovea::bench {

/// Loads, runs once, then `repetitions` times; the figures as indented JSON with its line end.
std::string end_to_end(const Options& options);

}  // namespace fovea::bench
