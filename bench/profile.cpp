// Whole runs and passes layer by layer, in turn.
#include "bench/profile.h"

#include <numeric>
#include <random>

#include "tools/common/program/process.h"

namespace fovea::bench {

void fill_inputs(Session& session, int batch) {
  std::minstd_rand random(1);
  std::uniform_real_distribution<float> values(0, 1);
  for (int i = 0; i < batch; ++i) {
    for (int input = 0; input < std::ssize(session.model().input_names()); ++input) {
      for (float& x : session.input(i, input)) x = values(random);
    }
  }
}

namespace {

double time_run(Session& session, int batch) {
  if (tools::stop_requested()) throw tools::Interrupted();
  const Stopwatch watch;
  session.run(batch);
  return watch.milliseconds();
}

}  // namespace

WholeRuns time_whole(Session& session, int batch, int repetitions) {
  WholeRuns times;
  times.first = time_run(session, batch);
  times.runs.reserve(static_cast<std::size_t>(repetitions));
  for (int i = 0; i < repetitions; ++i) times.runs.push_back(time_run(session, batch));
  return times;
}

Profile profile(Session& session, int batch, int repetitions) {
  constexpr int kWarmUp = 2;
  const std::size_t count = session.model().layers().size();
  std::vector<std::vector<double>> layers(count);
  std::vector<double> sums, whole;
  for (int i = -kWarmUp; i < repetitions; ++i) {
    const double run = time_run(session, batch);
    std::vector<double> pass(count);
    for (std::size_t layer = 0; layer < count; ++layer) {
      const Stopwatch watch;
      session.run_layer(layer, batch);
      pass[layer] = watch.milliseconds();
    }
    if (i < 0) continue;
    whole.push_back(run);
    sums.push_back(std::accumulate(pass.begin(), pass.end(), 0.0));
    for (std::size_t layer = 0; layer < count; ++layer) layers[layer].push_back(pass[layer]);
  }
  Profile result;
  for (const std::vector<double>& times : layers) result.layers.push_back(summary(times));
  result.sum = summary(sums);
  result.whole = summary(whole);
  return result;
}

}  // namespace fovea::bench
