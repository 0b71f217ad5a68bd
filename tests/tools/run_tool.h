// Runs a built program as a shell would, and keeps what it printed.
#pragma once

#include <string>
#include <vector>

namespace fovea::test {

struct ToolResult {
  int exit_code = -1;  ///< 128 + signal if it was ended by one
  std::string out, err;
};

/// Runs `<bin>/name arguments...`. `before` is shell text in front of it ("ulimit -f 8;"), `after` behind it (">&-"
/// closes its standard output). What `after` sends elsewhere is not kept.
ToolResult run_tool(const std::string& name, const std::vector<std::string>& arguments, const std::string& before = "",
                    const std::string& after = "");

inline ToolResult batch_predict(const std::vector<std::string>& arguments, const std::string& before = "",
                                const std::string& after = "") {
  return run_tool("batch-predict", arguments, before, after);
}

/// `text` as one word of a shell.
std::string shell_word(const std::string& text);

}  // namespace fovea::test
