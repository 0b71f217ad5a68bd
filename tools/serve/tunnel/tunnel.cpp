// Which tunnel shall be opened, and watching it.
#include "tools/serve/tunnel/tunnel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <fovea/error.h>
#include "tools/serve/tunnel/child.h"
#include "tools/serve/tunnel/tunnel_program.h"

namespace fovea::tools {

namespace {

constexpr std::chrono::milliseconds kLook{100};
constexpr std::chrono::seconds kFirstPause{1}, kLongestPause{30};
// A tunnel that held for this long was a good one: the next attempt comes soon.
constexpr std::chrono::seconds kGood{60};

// Begins the program, says where the tunnel leads, waits for its end, and begins anew.
class WatchedTunnel : public Tunnel {
 public:
  WatchedTunnel(std::unique_ptr<TunnelProgram> program, std::function<void(const std::string&)> say)
      : program_(std::move(program)), say_(std::move(say)), thread_([this] { watch(); }) {}
  ~WatchedTunnel() override {
    {
      const std::scoped_lock lock(mutex_);
      stop_ = true;
    }
    stopping_.notify_all();
    thread_.join();
  }

 private:
  bool pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !stopping_.wait_for(lock, time, [this] { return stop_; });
  }

  void watch() {
    std::chrono::seconds wait = kFirstPause;
    while (pause(std::chrono::milliseconds(0))) {
      const auto begun = std::chrono::steady_clock::now();
      try {
        run_once();
      } catch (const std::exception& e) {
        say_("tunnel: " + std::string(e.what()));
      }
      if (std::chrono::steady_clock::now() - begun > kGood) wait = kFirstPause;
      if (!pause(wait)) return;
      wait = std::min(2 * wait, kLongestPause);
    }
  }

  void run_once() {
    Child child(program_->command());
    std::string address;
    while (!child.ended()) {
      if (address.empty()) {
        address = program_->address(child);
        if (!address.empty()) say_("tunnel: " + address);
      } else {
        child.output();  // read, so that the program never waits for a reader
      }
      if (!pause(kLook)) return;
    }
    const std::string reason = child.last_line();
    say_("tunnel: closed" + (reason.empty() ? "" : ": " + reason));
  }

  std::unique_ptr<TunnelProgram> program_;
  std::function<void(const std::string&)> say_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Tunnel> open_tunnel(const TunnelOptions& options, std::function<void(const std::string&)> say) {
  if (options.where.empty()) return nullptr;
  return std::make_unique<WatchedTunnel>(tunnel_program(options), std::move(say));
}

}  // namespace fovea::tools
