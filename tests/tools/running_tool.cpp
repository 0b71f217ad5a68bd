// A built program that runs beside its test, to be stopped and ended by signals.
#include "tests/tools/running_tool.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/tools/temporary_folder.h"

namespace fovea::test {

RunningTool::RunningTool(const std::vector<std::string>& arguments) {
  std::string name = (std::filesystem::temp_directory_path() / "fovea-tool-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  std::string program = FOVEA_BIN_DIR "/batch-predict";
  std::vector<std::string> words = arguments;
  std::vector<char*> argv{program.data()};
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::string out = folder_ + "/out", err = folder_ + "/err";
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ > 0) return;
  ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
  ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

RunningTool::~RunningTool() {
  if (!ended()) {
    signal(SIGKILL);
    wait();
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RunningTool::signal(int number) const { ::kill(pid_, number); }

bool RunningTool::ended() {
  if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
  return ended_;
}

ToolResult RunningTool::wait() {
  if (!ended_ && ::waitpid(pid_, &status_, 0) == pid_) ended_ = true;
  ToolResult result;
  result.exit_code = WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
  result.out = read_file(folder_ + "/out");
  result.err = read_file(folder_ + "/err");
  return result;
}

bool RunningTool::wait_for_lines(const std::string& file, std::size_t lines) {
  while (true) {
    const bool over = ended();
    const std::string text = read_file(file);
    if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) >= lines) return true;
    if (over) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace fovea::test
