// benchmark-compare: how good grades are, against a benchmark of known grades.
#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "text/text.h"
#include "tools/common/program/exit_code.h"
#include "tools/common/program/process.h"
#include "tools/compare/arguments.h"
#include "tools/compare/run.h"

namespace fovea::tools {
namespace {

int end_early(int exit_code, const std::string& message) {
  std::fprintf(stderr, "benchmark-compare: %s\n", printable(message).c_str());
  return exit_code;
}

int run(int argc, char** argv) {
  try {
    prepare_process();
    CompareArguments arguments;
    if (const std::optional<int> exit_code = parse_arguments(argc, argv, arguments)) return *exit_code;
    return benchmark_compare(std::move(arguments));
  } catch (const Interrupted& e) {
    return end_early(signal_exit_code(), e.what());
  } catch (const std::bad_alloc&) {
    return end_early(kExitError, "not enough memory");
  } catch (const std::exception& e) {
    return end_early(kExitError, e.what());
  }
}

}  // namespace
}  // namespace fovea::tools

int main(int argc, char** argv) { return fovea::tools::run(argc, argv); }
