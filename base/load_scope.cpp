// The scope of the thread that loads.
#include "base/load_scope.h"

#include <algorithm>
#include <utility>

namespace fovea {

namespace {

thread_local LoadScope* current_load = nullptr;

}  // namespace

LoadScope::LoadScope(const LoadOptions& options)
    : options_(&options),
      threads_(settled({options.threads, options.threading, options.executor})),
      memory_(options.memory),
      before_(std::exchange(current_load, this)) {
  try {
    advance(0);
  } catch (...) {
    current_load = before_;
    throw;
  }
}

LoadScope::~LoadScope() { current_load = before_; }

ThreadChoice LoadScope::threads() { return current_load == nullptr ? ThreadChoice() : current_load->threads_; }

const CancelToken& LoadScope::cancel() {
  static const CancelToken never;
  return current_load == nullptr ? never : current_load->options_->cancel;
}

void LoadScope::check_cancelled() {
  if (cancel().cancelled()) throw Cancelled("cancelled");
}

void LoadScope::advance(double share) {
  check_cancelled();
  if (current_load == nullptr || current_load->options_->progress == nullptr) return;
  const double now = std::min(share, 1.0);
  if (now <= current_load->told_) return;
  current_load->told_ = now;
  current_load->options_->progress(now);
}

bool LoadScope::may_start_threads() { return current_load == nullptr || current_load->options_->executor == nullptr; }

}  // namespace fovea
