// Runs a built program as a shell would, and keeps what it printed.
#include "tests/tools/run_tool.h"

#include <sys/wait.h>

#include <cstdlib>

#include "tests/tools/temporary_folder.h"

namespace fovea::test {

std::string shell_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

ToolResult run_tool(const std::string& name, const std::vector<std::string>& arguments, const std::string& before,
                    const std::string& after) {
  const TemporaryFolder folder;
  std::string command = shell_word(std::string(FOVEA_BIN_DIR) + "/" + name);
  for (const std::string& argument : arguments) command += " " + shell_word(argument);
  // The limits set by `before` must not hold for the shell that keeps the output.
  command = "( " + before + " " + command + " " + after + " ) 2>" + shell_word(folder / "err") + " | cat >" +
            shell_word(folder / "out");
  command = "set -o pipefail; " + command;
  const int status = std::system(("exec bash -c " + shell_word(command)).c_str());
  ToolResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = read_file(folder / "out");
  result.err = read_file(folder / "err");
  return result;
}

}  // namespace fovea::test
