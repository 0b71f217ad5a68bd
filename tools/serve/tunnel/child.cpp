// A program that runs beside this one.
#include "tools/serve/tunnel/child.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <sstream>
#include <thread>

#include <fovea/error.h>
#include "tools/common/files/write_all.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kKept = 64 * 1024;
constexpr int kPatience = 50;  // times 20 ms until a program that was asked to end is made to
constexpr int kFetchMilliseconds = 2000;

struct SpawnActions {
  SpawnActions() { ::posix_spawn_file_actions_init(&actions); }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  posix_spawn_file_actions_t actions{};
};

struct SpawnAttributes {
  // Signals as they are by default: this program ignores some.
  SpawnAttributes() {
    ::posix_spawnattr_init(&attributes);
    sigset_t all, none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  posix_spawnattr_t attributes{};
};

}  // namespace

Child::Child(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(std::string("pipe: ") + std::strerror(errno));
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);  // this end only: few programs expect it of their output
  SpawnActions spawn;
  ::posix_spawn_file_actions_addopen(&spawn.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&spawn.actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&spawn.actions, ends[1], STDERR_FILENO);
  std::vector<std::string> words = command;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const SpawnAttributes attributes;
  const int failed = ::posix_spawnp(&pid_, argv[0], &spawn.actions, &attributes.attributes, argv.data(), environ);
  ::close(ends[1]);
  pipe_ = ends[0];
  if (failed != 0) {
    ::close(pipe_);
    throw Error(command.front() + ": cannot be run: " + std::strerror(failed));
  }
}

Child::~Child() {
  if (!ended()) ::kill(pid_, SIGTERM);
  for (int i = 0; i < kPatience && !ended(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  if (!ended()) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(pipe_);
}

bool Child::ended() {
  if (!ended_ && ::waitpid(pid_, nullptr, WNOHANG) == pid_) ended_ = true;
  return ended_;
}

const std::string& Child::output() {
  std::array<char, 4096> piece{};
  for (ssize_t size = 0; (size = ::read(pipe_, piece.data(), piece.size())) > 0;) {
    output_.append(piece.data(), static_cast<std::size_t>(size));
  }
  if (output_.size() > kKept) output_.erase(0, output_.size() - kKept);
  return output_;
}

std::string Child::last_line() {
  std::istringstream lines(output());
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    while (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty() && !line.starts_with("debug")) last = line;
  }
  return last;
}

std::string fetch_local(const std::string& address, const std::string& path) {
  constexpr std::string_view kHost = "127.0.0.1:";
  std::uint16_t port = 0;
  if (!address.starts_with(kHost)) return "";
  std::from_chars(address.data() + kHost.size(), address.data() + address.size(), port);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return "";
  const timeval patience{kFetchMilliseconds / 1000, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      write_all(socket, "GET " + path + " HTTP/1.0\r\nHost: " + address + "\r\n\r\n") == 0) {
    std::array<char, 4096> piece{};
    for (ssize_t size = 0; answer.size() < kKept && (size = ::recv(socket, piece.data(), piece.size(), 0)) > 0;) {
      answer.append(piece.data(), static_cast<std::size_t>(size));
    }
  }
  ::close(socket);
  const std::size_t body = answer.find("\r\n\r\n");
  return body == std::string::npos ? "" : answer.substr(body + 4);
}

}  // namespace fovea::tools
