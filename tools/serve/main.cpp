// grade-server: a page and an API that grade fundus photographs.
#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "text/text.h"
#include "tools/common/program/exit_code.h"
#include "tools/common/program/process.h"
#include "tools/serve/arguments.h"
#include "tools/serve/run.h"

namespace fovea::tools {
namespace {

int end(const std::string& message) {
  std::fprintf(stderr, "grade-server: %s\n", printable(message).c_str());
  return kExitError;
}

int run(int argc, char** argv) {
  try {
    prepare_process();
    ServeArguments arguments;
    if (const std::optional<int> exit_code = parse_serve_arguments(argc, argv, arguments)) return *exit_code;
    return run_server(std::move(arguments));
  } catch (const std::bad_alloc&) {
    return end("not enough memory");
  } catch (const std::exception& e) {
    return end(e.what());
  }
}

}  // namespace
}  // namespace fovea::tools

int main(int argc, char** argv) { return fovea::tools::run(argc, argv); }
