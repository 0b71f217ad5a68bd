// Layers as benchmarks registered at run time, their times collected instead of printed.
#include "bench/alone.h"

#include <benchmark/benchmark.h>

#include <string>

#include <fovea/error.h>
#include "tools/common/program/process.h"

namespace fovea::bench {

namespace {

constexpr int kSamples = 5;
constexpr double kSecondsPerSample = 0.02;

class Collector final : public benchmark::BenchmarkReporter {
 public:
  explicit Collector(std::size_t layers) : samples_(layers) {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      samples_.at(static_cast<std::size_t>(run.family_index)).push_back(run.GetAdjustedRealTime());
    }
  }

  std::vector<Times> summaries() const {
    std::vector<Times> times;
    for (const std::vector<double>& samples : samples_) {
      if (samples.empty()) throw Error("a layer could not be timed by itself");
      times.push_back(summary(samples));
    }
    return times;
  }

 private:
  std::vector<std::vector<double>> samples_;
};

}  // namespace

std::vector<Times> time_alone(Session& session, const std::vector<std::size_t>& layers, int batch) {
  if (layers.empty()) return {};
  session.run(batch);  // every layer finds finite numbers
  for (const std::size_t layer : layers) {
    benchmark::RegisterBenchmark(session.model().layers()[layer].name.c_str(),
                                 [&session, layer, batch](benchmark::State& state) {
                                   while (state.KeepRunning()) session.run_layer(layer, batch);
                                 })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond)
        ->MinTime(kSecondsPerSample)
        ->Repetitions(kSamples);
  }
  Collector collector(layers.size());
  benchmark::RunSpecifiedBenchmarks(&collector, "all");
  benchmark::ClearRegisteredBenchmarks();
  if (tools::stop_requested()) throw tools::Interrupted();
  return collector.summaries();
}

}  // namespace fovea::bench
