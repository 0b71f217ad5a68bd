// model-pack: makes a pack file of a model, which is mapped instead of read.
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "text/text.h"
#include "tools/common/program/exit_code.h"
#include "tools/common/program/process.h"
#include "tools/model_pack/arguments.h"
#include "tools/model_pack/run.h"

namespace fovea::tools {
namespace {

void print_error(const std::string& message) { std::fprintf(stderr, "model-pack: %s\n", printable(message).c_str()); }

int run(int argc, char** argv) {
  try {
    prepare_process();
    ModelPackArguments arguments;
    if (const auto exit_code = parse_arguments(argc, argv, arguments)) return *exit_code;
    return pack_model(arguments);
  } catch (const Interrupted& e) {
    print_error(e.what());
    return signal_exit_code();
  } catch (const std::bad_alloc&) {
    print_error("not enough memory");
  } catch (const std::exception& e) {
    print_error(e.what());
  }
  return kExitError;
}

}  // namespace
}  // namespace fovea::tools

int main(int argc, char** argv) { return fovea::tools::run(argc, argv); }
