// Sessions that calls of a model borrow.
#include "bindings/python/src/session_pool.h"

#include <nanobind/nanobind.h>

#include <algorithm>

namespace fovea::python {

namespace {

// As many as have ever run at the same time are kept, up to this many.
constexpr std::size_t kMostIdle = 64;

}  // namespace

std::unique_ptr<Session> SessionPool::take(int batch) {
  const auto fits = std::find_if(idle_.rbegin(), idle_.rend(), [&](const auto& s) { return s->max_batch() >= batch; });
  std::unique_ptr<Session> taken;
  if (fits != idle_.rend()) {
    taken = std::move(*fits);
    idle_.erase(std::next(fits).base());
    return taken;
  }
  // The larger session takes the place of a smaller one.
  if (!idle_.empty()) {
    taken = std::move(idle_.back());
    idle_.pop_back();
  }
  const nanobind::gil_scoped_release released;
  taken.reset();
  return std::make_unique<Session>(model_, SessionOptions{batch, threads_, keep_last_convolution_});
}

void SessionPool::give_back(std::unique_ptr<Session> session) {
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(session));
}

}  // namespace fovea::python
