// Damaged HDF5 files and archives whose checksums were mended, each loaded in a process of its own: h5-mutants COUNT
// FILE-OR-FOLDER... COUNT in all, as many of each argument; 0 for the files as they are. Fails if a process crashes, or
// takes more than 200 MB beyond what the whole file takes, or hangs: for a minute of the processor or ten by the clock.
// With FOVEA_FULL=1 twenty times as many, as many again of the real models in FOVEA_SHARED_DATA where they are, and 5 s
// of the processor are a hang.
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fovea/keras.h>

#include "tests/fuzz/damage.h"
#include "tests/fuzz/h5_sums.h"
#include "tests/fuzz/one_input.h"
#include "tests/fuzz/scratch_file.h"
#include "tests/fuzz/walk_h5.h"
#include "tests/fuzz/zip_sums.h"

namespace {

namespace fs = std::filesystem;
using fovea::fuzz::Damage;
using fovea::fuzz::FileBytes;

constexpr unsigned kFullSeconds = 5, kSeconds = 60;  // of the processor: a busy machine takes longer by the clock
constexpr unsigned kSecondsByTheClock = 600;         // for what waits and does nothing
constexpr long kMostMore = 200L << 10;               // KiB
#ifdef __SANITIZE_ADDRESS__
constexpr bool kMeasuresMemory = false;  // it keeps what is freed
#else
constexpr bool kMeasuresMemory = true;
#endif
constexpr int kModel = 0, kOther = 2, kError = 3;

bool full_run() {
  const char* set = std::getenv("FOVEA_FULL");
  return set != nullptr && std::string(set) == "1";
}

FileBytes read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& path, const FileBytes& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

std::vector<fs::path> list_files(const fs::path& place) {
  if (!fs::is_directory(place)) return {place};
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(place)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string how_it_ended(int signal, unsigned seconds) {
  if (signal == SIGPROF) return "hang: " + std::to_string(seconds) + " s of the processor";
  if (signal == SIGALRM) return "hang: " + std::to_string(kSecondsByTheClock) + " s by the clock";
  return std::string("crash: ") + strsignal(signal);
}

struct Outcome {
  std::string what;
  long kibibytes = 0;
};

/// `action` in a process of its own.
template <class Action>
Outcome outcome_of(const Action& action) {
  const unsigned seconds = full_run() ? kFullSeconds : kSeconds;
  const pid_t child = fork();
  if (child == 0) {
    const itimerval limit{{}, {seconds, 0}};
    setitimer(ITIMER_PROF, &limit, nullptr);
    alarm(kSecondsByTheClock);
    int code = kOther;
    try {
      code = action();
    } catch (...) {
    }
    _exit(code);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  if (WIFSIGNALED(status)) {
    return {how_it_ended(WTERMSIG(status), seconds), usage.ru_maxrss};
  }
  const int code = WEXITSTATUS(status);
  return {code == kModel ? "model" : code == kError ? "error" : "exit code " + std::to_string(code), usage.ru_maxrss};
}

Outcome load_in_process(const fs::path& path) {
  return outcome_of([&] {
    const FileBytes bytes = read_file(path);
    const std::shared_ptr<unsigned char[]> copy(new unsigned char[bytes.size()]);
    std::copy(bytes.begin(), bytes.end(), copy.get());
    fovea::hdf5::walk_all({copy, bytes.size()});
    try {
      fovea::load_model(path, {.isa = "portable"}, {});
    } catch (const fovea::Error&) {
      return kError;
    }
    return kModel;
  });
}

/// The models of the real data, or none.
std::vector<fs::path> real_models() {
  const char* set = std::getenv("FOVEA_SHARED_DATA");
  const fs::path folder = (set != nullptr ? fs::path(set) : fs::path(FOVEA_SOURCE_DIR) / "../shared/data") / "models";
  std::vector<fs::path> paths;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(folder, absent)) {
    const std::string ending = entry.path().extension();
    if (ending == ".h5" || ending == ".hdf5" || ending == ".keras") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

fs::path scratch(const std::string& name) { return fs::temp_directory_path() / ("h5-mutant-" + name); }

/// The files as they are: whether all were survived.
bool survives_whole(const std::vector<fs::path>& paths) {
  const long nothing = outcome_of([] { return kModel; }).kibibytes;
  std::map<std::string, std::size_t> outcomes;
  long most_more = 0;
  bool good = true;
  for (const fs::path& path : paths) {
    const Outcome loaded = load_in_process(path);
    const long more = loaded.kibibytes - nothing;
    ++outcomes[loaded.what];
    most_more = std::max(most_more, more);
    if ((loaded.what == "model" || loaded.what == "error") && (!kMeasuresMemory || more <= kMostMore)) continue;
    good = false;
    std::printf("%s: %s, %ld KiB\n", path.c_str(), loaded.what.c_str(), more);
  }
  std::printf("%zu files:", paths.size());
  for (const auto& [what, times] : outcomes) std::printf(" %s %zu,", what.c_str(), times);
  std::printf(" at most %ld KiB\n", most_more);
  return good;
}

/// `count` mutants of `paths`, as many of each; whether all were survived and at least a quarter refused.
bool survives(const std::vector<fs::path>& paths, std::size_t count) {
  std::map<std::string, std::size_t> outcomes;
  long most_more = 0;
  bool good = true;
  const fs::path path = scratch(std::to_string(getpid()));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const FileBytes bytes = read_file(paths[i]);
    if (bytes.size() < 16) continue;
    const long whole = load_in_process(paths[i]).kibibytes;
    Damage damage(bytes, static_cast<unsigned>(i));
    for (std::size_t n = count * i / paths.size(); n < count * (i + 1) / paths.size(); ++n) {
      FileBytes mutant = damage.next();
      write_file(path, mutant);
      const Outcome mended = outcome_of([&] {
        fovea::fuzz::set_h5_sums(mutant);
        fovea::fuzz::set_zip_sums(mutant);
        write_file(path, mutant);
        return kModel;
      });
      const Outcome loaded = mended.what == "model" ? load_in_process(path) : mended;
      const long more = mended.what == "model" ? loaded.kibibytes - whole : 0;
      ++outcomes[loaded.what];
      most_more = std::max(most_more, more);
      if (loaded.what == "model" || loaded.what == "error") {
        if (!kMeasuresMemory || more <= kMostMore) continue;
      }
      good = false;
      std::printf("%s, mutant %zu: %s, %ld KiB more\n", paths[i].c_str(), n, loaded.what.c_str(), more);
      std::error_code ignored;
      fs::copy_file(path, scratch("find-" + std::to_string(n)), fs::copy_options::overwrite_existing, ignored);
    }
  }
  std::error_code ignored;
  fs::remove(path, ignored);
  std::printf("%zu mutants of %zu files:", count, paths.size());
  for (const auto& [what, times] : outcomes) std::printf(" %s %zu,", what.c_str(), times);
  std::printf(" at most %ld KiB more than the whole file\n", most_more);
  std::fflush(stdout);
  return good && outcomes["error"] > count / 4;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto count = static_cast<std::size_t>(std::atol(argv[1])) * (full_run() ? 20 : 1);
  bool good = true;
  if (full_run() && count > 0) {
    const std::vector<fs::path> real = real_models();
    if (real.empty()) std::printf("no real models: set FOVEA_SHARED_DATA\n");
    good = real.empty() || survives(real, count);
  }
  const std::size_t each = count / static_cast<std::size_t>(argc - 2);
  for (int i = 2; i < argc; ++i) {
    const std::vector<fs::path> paths = list_files(argv[i]);
    good = (count == 0 ? survives_whole(paths) : survives(paths, each)) && good;
  }
  return good ? 0 : 1;
}
