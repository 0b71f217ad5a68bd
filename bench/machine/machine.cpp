// Reads /proc.
#include "bench/machine/machine.h"

#include <fstream>
#include <sstream>

#include <fovea/error.h>

namespace fovea::bench {

namespace {

// What stands behind "KEY :" in a file of /proc, "" if it is not there.
std::string proc_value(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(':');
    if (!line.starts_with(key) || colon == std::string::npos) continue;
    const auto value = line.find_first_not_of(" \t", colon + 1);
    return value == std::string::npos ? "" : line.substr(value);
  }
  return "";
}

}  // namespace

std::string cpu_name() {
  const std::string name = proc_value("/proc/cpuinfo", "model name");
  return name.empty() ? "unknown" : name;
}

std::string compiler_name() {
#ifdef __clang__
  return __VERSION__;
#else
  return std::string("g++ ") + __VERSION__;
#endif
}

double peak_rss_mb() {
  std::istringstream text(proc_value("/proc/self/status", "VmHWM"));
  double kib = 0;
  std::string unit;
  if (!(text >> kib >> unit) || unit != "kB") throw Error("/proc/self/status does not tell the largest memory in use");
  return kib / 1024;
}

}  // namespace fovea::bench
