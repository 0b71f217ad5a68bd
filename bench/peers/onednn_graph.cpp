// onednn-graph: runs a network of oneDNN primitives written by keras_to_flat.py, and times it. A peer of peer-bench.
// Threads are OpenMP's (OMP_NUM_THREADS).
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/peers/onednn_network.h"

namespace {

using namespace onednn_peer;

double now_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

double peak_rss_mb() {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

void measure(char** arguments) {
  const memory::dim batch = std::stoi(arguments[4]);
  const int warmup = std::stoi(arguments[5]), repetitions = std::stoi(arguments[6]);
  const double start = now_ms();
  Network network(arguments[1], batch);
  const double load = now_ms() - start;
  network.set_input(read_floats(arguments[2]));
  std::vector<double> times;
  for (int i = 0; i < 1 + warmup + repetitions; ++i) {
    const double begin = now_ms();
    network.run();
    times.push_back((now_ms() - begin) / static_cast<double>(batch));
  }
  const double memory = peak_rss_mb();
  const std::vector<float> answer = network.output();
  std::ofstream out(arguments[3], std::ios::binary);
  out.write(reinterpret_cast<const char*>(answer.data()), static_cast<std::streamsize>(answer.size() * sizeof(float)));
  if (!out.flush()) throw std::runtime_error(std::string(arguments[3]) + ": cannot be written");
  const dnnl_version_t& version = *dnnl_version();
  std::printf("{\"version\": \"%d.%d.%d\", \"precision\": \"%s\", \"load_ms\": %.3f, \"first_run_ms\": %.4f, ",
              version.major, version.minor, version.patch, network.precision().c_str(), load, times.front());
  std::printf("\"peak_rss_mb\": %.1f, \"ms_per_image\": [", memory);
  for (int i = 0; i < repetitions; ++i)
    std::printf("%s%.4f", i == 0 ? "" : ", ", times[static_cast<std::size_t>(1 + warmup + i)]);
  std::printf("]}\n");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 7) throw std::runtime_error("usage: onednn-graph MODEL.flat IMAGES ANSWER BATCH WARMUP REPETITIONS");
    measure(argv);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "onednn-graph: %s\n", e.what());
    return 2;
  }
}
