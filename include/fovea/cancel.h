// Ending a load or a run from another thread.
#pragma once

#include <atomic>
#include <memory>

#include <fovea/error.h>
#include <fovea/export.h>

namespace fovea {

/// What a load or a run throws when it was told to end.
class FOVEA_API Cancelled : public Error {
 public:
  using Error::Error;
};

/// What a load or a run looks at: has its CancelSource been told to cancel? One made without a source never is.
class CancelToken {
 public:
  CancelToken() = default;
  bool cancelled() const noexcept { return state_ && state_->load(std::memory_order_relaxed); }
  /// The flag behind it, nullptr without a source; lives as long as the token or a copy of it.
  const std::atomic<bool>* flag() const noexcept { return state_.get(); }

 private:
  friend class CancelSource;
  explicit CancelToken(std::shared_ptr<std::atomic<bool>> state) : state_(std::move(state)) {}
  std::shared_ptr<std::atomic<bool>> state_;
};

/// Cancels what was given one of its tokens. Any thread may call `cancel`, also from a signal's handler; what runs with
/// the token then throws Cancelled, within milliseconds as a rule. It stays cancelled: a new run takes a new source.
class CancelSource {
 public:
  CancelSource() : state_(std::make_shared<std::atomic<bool>>(false)) {}
  void cancel() noexcept { state_->store(true, std::memory_order_relaxed); }
  bool cancelled() const noexcept { return state_->load(std::memory_order_relaxed); }
  CancelToken token() const { return CancelToken(state_); }

 private:
  std::shared_ptr<std::atomic<bool>> state_;
};

}  // namespace fovea
