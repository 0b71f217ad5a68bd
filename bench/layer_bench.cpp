// layer-bench: times a whole model, from the file to the last layer, on random input.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>

#include "loaders/keras/model.h"

namespace {

double now_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

std::string cpu_name() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

struct Options {
  std::string model, architecture, isa, json, arithmetic = "fast";
  int batch = 1, threads = 0, repetitions = 30;
  bool end_to_end = false;
};

nlohmann::json measure(const Options& options) {
  const double start = now_ms();
  const auto model =
      fovea::load_model(options.model, {.isa = options.isa, .arithmetic = fovea::parse_arithmetic(options.arithmetic)},
                        {.architecture = options.architecture});
  fovea::Session session(model, {.max_batch = options.batch, .threads = options.threads});
  const double ready = now_ms();

  std::mt19937 random(1);
  std::uniform_real_distribution<float> values(0, 1);
  for (int i = 0; i < options.batch; ++i) {
    for (float& x : session.input(i)) x = values(random);
  }
  std::vector<double> times;
  const double before_first = now_ms();
  session.run(options.batch);
  const double first = now_ms() - before_first;
  for (int i = 0; i < options.repetitions; ++i) {
    const double begin = now_ms();
    session.run(options.batch);
    times.push_back((now_ms() - begin) / options.batch);
  }
  const std::vector<double> in_order = times;
  std::sort(times.begin(), times.end());
  std::int64_t macs = 0;
  for (const auto& layer : model->layers()) macs += layer.macs;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {{"model", options.model},
          {"cpu", cpu_name()},
          {"isa", model->isa()},
          {"arithmetic", fovea::arithmetic_name(model->arithmetic())},
          {"threads", session.threads()},
          {"batch", options.batch},
          {"repetitions", options.repetitions},
          {"version", fovea::version()},
          {"compiler", __VERSION__},
          {"gmacs", static_cast<double>(macs) * 1e-9},
          {"ms_per_image", in_order},
          {"ms_per_image_min", times.front()},
          {"ms_per_image_median", times[times.size() / 2]},
          {"gflops", 2e-6 * static_cast<double>(macs) / times.front()},
          {"load_ms", ready - start},
          {"first_run_ms", first / options.batch},
          {"peak_rss_mb", static_cast<double>(usage.ru_maxrss) / 1024}};
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Options options;
    CLI::App app{"Times a Keras model in fovea: load, first run, and the minimum and median of many runs."};
    app.add_option("--model", options.model, "Keras .h5 file")->required();
    app.add_option("--architecture", options.architecture, "Built-in architecture for a weights-only file (resnet50)");
    app.add_option("--batch", options.batch, "Images a run")->check(CLI::Range(1, 1024))->capture_default_str();
    app.add_option("--threads", options.threads, "Threads, 0 = as many as the process is allowed")
        ->check(CLI::Range(0, 1024));
    app.add_option("--isa", options.isa, "Instruction set: avx512, avx2 or portable (default: the best, or FOVEA_ISA)");
    app.add_option("--arithmetic", options.arithmetic, "fast or direct")->capture_default_str();
    app.add_option("--repetitions", options.repetitions, "Timed runs")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app.add_flag("--end-to-end", options.end_to_end, "Time the whole model only");
    app.add_option("--json", options.json, "Also write the figures to this file");
    app.set_version_flag("--version", std::string("layer-bench ") + fovea::version());
    CLI11_PARSE(app, argc, argv);
    const nlohmann::json result = measure(options);
    std::cout << result.dump(2) << '\n';
    if (!options.json.empty()) {
      std::ofstream out(options.json);
      if (!(out << result.dump(2) << '\n' << std::flush)) throw fovea::Error(options.json + ": cannot be written");
    }
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "layer-bench: " << e.what() << '\n';
    return 2;
  }
}
