// What Session hides: shared by session.cpp and grad_cam.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/model_impl.h"
#include "layers/aligned.h"
#include "layers/error.h"
#include "layers/thread_team.h"

namespace fovea {

/// One node's operands, fixed when the session is made.
struct Step {
  const Layer* layer;
  std::vector<Images<const float>> in;
  Images<float> out;
};

struct Session::Impl {
  std::shared_ptr<const Model> model;
  int max_batch;
  std::unique_ptr<ThreadTeam> team;
  AlignedFloats arena, scratch, shared_scratch;
  std::int64_t scratch_stride = 0;
  std::vector<Step> steps;
  Images<float> input{}, output{};
  std::int64_t input_size = 0, output_size = 0;
  bool keeps_head = false;  ///< the results that Grad-CAM reads outlive the run
  int last_batch = 0;       ///< images of the last run, 0 before the first

  void check(int batch) const {
    if (batch >= 1 && batch <= max_batch) return;
    throw Error("a batch of " + std::to_string(batch) + " is outside the session's 1 to " + std::to_string(max_batch));
  }

  void run(const Step& step, int batch) {
    step.layer->run({.kernels = *model->impl_->kernels,
                     .team = *team,
                     .batch = batch,
                     .in = step.in,
                     .out = step.out,
                     .scratch = scratch.data(),
                     .scratch_stride = scratch_stride,
                     .shared_scratch = shared_scratch.data()});
  }
};

}  // namespace fovea
