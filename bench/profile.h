// Times a network in situ: as a whole, and layer by layer in its own order.
#pragma once

#include <vector>

#include <fovea/session.h>
#include "bench/machine/times.h"

namespace fovea::bench {

/// Of whole batches.
struct Profile {
  std::vector<Times> layers;  ///< one for each of Model::layers()
  Times sum;                  ///< of the layers of one pass
  Times whole;                ///< of Session::run
};

/// Fills the session's inputs with values in [0, 1), always the same ones.
void fill_inputs(Session& session, int batch);

/// The first run and then `repetitions` timed ones, in milliseconds, in order.
struct WholeRuns {
  double first = 0;
  std::vector<double> runs;
};
WholeRuns time_whole(Session& session, int batch, int repetitions);

/// `repetitions` whole runs and as many passes layer by layer, in turn, after a warm-up. Each layer finds the caches as
/// the layers before it leave them: weights cold, activations as in the real run.
Profile profile(Session& session, int batch, int repetitions);

}  // namespace fovea::bench
