// Work that several threads do at the same time, and how long all of it takes.
#pragma once

#include <functional>
#include <vector>

namespace fovea::bench {

/// One thread's part: `prepare` once, then `work` in every round.
struct Part {
  std::function<void()> prepare, work;
};

/// Runs each part on a thread of its own, all starting each round together. The shortest round in seconds, from the
/// first thread's start to the last one's end: machines are shared, and the best round is the one left alone.
double best_round(std::vector<Part>& parts, int rounds);

}  // namespace fovea::bench
