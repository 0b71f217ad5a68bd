// The peak loops on all threads at once.
#include "bench/machine/peaks.h"

#include <sys/mman.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <vector>

#include <fovea/error.h>
#include "bench/machine/peak_kernels.h"
#include "bench/machine/times.h"
#include "bench/machine/together.h"

namespace fovea::bench {

#define FOVEA_BUILT(name)                \
  namespace name {                       \
  extern const PeakKernels kPeakKernels; \
  }
FOVEA_BUILT_ISAS
#undef FOVEA_BUILT

namespace {

// Rounds short enough to find a moment in which nothing else runs, long against the threads' starting together.
constexpr int kRounds = 200;
constexpr double kMillisecondsPerRound = 1;
constexpr int kReadingRounds = 20;
constexpr std::int64_t kKiB = 1 << 10, kMiB = 1 << 20;
constexpr std::int64_t kSmallestRead = 256 * kMiB, kLargestRead = 2048 * kMiB;
constexpr int kTimesTheCache = 4;

const PeakKernels& peak_kernels(const std::string& isa) {
#define FOVEA_BUILT(name) \
  if (isa == #name) return name::kPeakKernels;
  FOVEA_BUILT_ISAS
#undef FOVEA_BUILT
  throw Error("no loop measures the peak of instruction set '" + isa + "'");
}

// Chains that start apart from each other and tend to summand / (1 - factor): no zero, no infinity, no denormal.
std::vector<float> start_values(int lanes) {
  std::vector<float> state(static_cast<std::size_t>((kPeakChains + 2) * lanes));
  for (std::size_t i = 0; i < state.size(); ++i) state[i] = 1.0f + 0.01f * static_cast<float>(i);
  std::fill_n(state.end() - 2 * lanes, lanes, 0.999f);
  std::fill_n(state.end() - lanes, lanes, 0.001f);
  return state;
}

double multiply_add_gflops(const PeakKernels& kernels, int threads) {
  std::int64_t rounds = 1024;
  for (double milliseconds = 0; milliseconds < kMillisecondsPerRound; rounds *= 2) {
    std::vector<float> state = start_values(kernels.lanes);
    const Stopwatch watch;
    kernels.multiply_add(rounds, state.data());
    milliseconds = watch.milliseconds();
  }
  std::vector<std::vector<float>> states(static_cast<std::size_t>(threads), start_values(kernels.lanes));
  std::vector<Part> parts;
  for (std::vector<float>& state : states) {
    parts.push_back({[] {}, [&] { kernels.multiply_add(rounds, state.data()); }});
  }
  const double flops = 2.0 * kPeakChains * kernels.lanes * static_cast<double>(rounds) * threads;
  return flops / best_round(parts, kRounds) * 1e-9;
}

// Of the last level, as Linux tells: 0 if it does not. (sysconf knows less about some processors.)
std::int64_t cache_bytes() {
  std::int64_t largest = 0;
  for (int level = 0; level < 8; ++level) {
    std::ifstream in("/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(level) + "/size");
    std::int64_t size = 0;
    if (char unit = 0; in >> size >> unit) largest = std::max(largest, size * (unit == 'M' ? kMiB : kKiB));
  }
  return largest;
}

struct Unmap {
  std::size_t bytes = 0;
  void operator()(float* at) const { ::munmap(at, bytes); }
};

// Fresh memory, in large pages where the kernel allows it: fewer page walks.
class Memory {
 public:
  explicit Memory(std::int64_t floats) {
    const std::size_t bytes = static_cast<std::size_t>(floats) * sizeof(float);
    void* const at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw Error("not enough memory to measure how fast it is read");
    ::madvise(at, bytes, MADV_HUGEPAGE);
    data_ = {static_cast<float*>(at), Unmap{bytes}};
  }
  float* data() const { return data_.get(); }

 private:
  std::unique_ptr<float, Unmap> data_;
};

double read_gb_per_s(const PeakKernels& kernels, int threads, std::int64_t bytes) {
  const std::int64_t all = bytes / std::int64_t{sizeof(float)};
  const std::int64_t count = std::max<std::int64_t>(1, all / threads / kReadStep) * kReadStep;
  std::vector<Memory> pieces;
  std::vector<Part> parts;
  for (int i = 0; i < threads; ++i) {
    float* const data = pieces.emplace_back(count).data();
    // Each thread touches its own piece first: the memory is then near to it.
    parts.push_back({[=] { std::fill_n(data, count, 1.0f); },
                     [=, &kernels] {
                       volatile const float kept = kernels.read(data, count);
                       static_cast<void>(kept);
                     }});
  }
  return 4.0 * static_cast<double>(count) * threads / best_round(parts, kReadingRounds) * 1e-9;
}

}  // namespace

MeasuredPeaks measure_peaks(const std::string& isa, int threads) {
  const PeakKernels& kernels = peak_kernels(isa);
  MeasuredPeaks measured;
  measured.read_bytes = std::clamp(kTimesTheCache * cache_bytes(), kSmallestRead, kLargestRead);
  measured.peaks.gflops = multiply_add_gflops(kernels, threads);
  measured.peaks.gb_per_s = read_gb_per_s(kernels, threads, measured.read_bytes);
  return measured;
}

}  // namespace fovea::bench
