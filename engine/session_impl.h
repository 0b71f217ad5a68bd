// What Session hides: shared by session.cpp and grad_cam.cpp.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fovea/error.h>
#include <fovea/session.h>
#include "base/aligned.h"
#include "base/thread_team.h"
#include "engine/model_impl.h"

namespace fovea {

/// One node's operands, fixed when the session is made.
struct Step {
  const Op* op;
  std::vector<Operand> in;
  Result out;
};

struct Session::Impl {
  std::shared_ptr<const Model> model;
  SessionOptions options;  ///< as the session was made with, for another of its kind
  int max_batch;
  std::unique_ptr<ThreadTeam> team;
  AlignedBytes arena, scratch, shared_scratch;
  std::int64_t scratch_stride = 0;
  std::vector<Step> steps;
  std::vector<Result> inputs, outputs;
  bool keeps_head = false;  ///< the results that Grad-CAM reads outlive the run
  int last_batch = 0;       ///< images of the last run, 0 before the first and after one that did not end well
  std::atomic<bool> running{false};

  /// While one lives the session runs. Throws Error if it does already.
  class Running {
   public:
    explicit Running(Impl& session) : session_(session) {
      if (session_.running.exchange(true))
        throw Error("the session runs already: each is used by one thread at a time");
    }
    ~Running() { session_.running = false; }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    Impl& session_;
  };

  /// Image `i` of number `index` of the model's inputs or outputs; its shape is checked by who asks for it.
  std::span<float> image(const std::vector<Result>& places, const Shape& shape, int i, int index) const {
    if (i < 0 || i >= max_batch) throw Error("image " + std::to_string(i) + " is outside the session's batch");
    return {places[static_cast<std::size_t>(index)].image(i), static_cast<std::size_t>(shape.elements())};
  }

  void check(int batch) const {
    if (batch >= 1 && batch <= max_batch) return;
    throw Error("a batch of " + std::to_string(batch) + " is outside the session's 1 to " + std::to_string(max_batch));
  }

  void run(const Step& step, int batch) {
    step.op->run({.kernels = *model->impl_->kernels,
                  .team = *team,
                  .batch = batch,
                  .in = step.in,
                  .out = step.out,
                  .scratch = scratch.data(),
                  .scratch_stride = scratch_stride,
                  .shared = shared_scratch.data(),
                  .next = &step == &steps.back() ? nullptr : (&step + 1)->op});
  }
};

}  // namespace fovea
