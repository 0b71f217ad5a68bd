// Runs the built layer-bench as a shell would, and keeps what it printed.
#include "tests/bench/run_layer_bench.h"

#include <sys/wait.h>

#include <cstdlib>

#include "tests/tools/temporary_folder.h"

namespace fovea::test {

ToolResult layer_bench(const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  std::string command = shell_word(FOVEA_BIN_DIR "/layer-bench");
  for (const std::string& argument : arguments) command += " " + shell_word(argument);
  command += " >" + shell_word(folder / "out") + " 2>" + shell_word(folder / "err");
  const int status = std::system(command.c_str());
  ToolResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = read_file(folder / "out");
  result.err = read_file(folder / "err");
  return result;
}

}  // namespace fovea::test
