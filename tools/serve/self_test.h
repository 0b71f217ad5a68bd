// Whether this machine computes this model as it should, asked before the first picture is graded.
#pragma once

#include <memory>

#include "engine/fovea.h"

namespace fovea::tools {

/// Runs `model` on a fixed picture: the outputs must be finite, and the same bits alone and in a batch, by one thread
/// and by `threads`. Throws Error that says what differs.
void self_test(const std::shared_ptr<const Model>& model, int threads);

/// `model` against the same file in other kernels. Throws Error if an output differs by more than `tolerance`, of
/// itself where it is larger than 1.
void compare_with(const std::shared_ptr<const Model>& model, const std::shared_ptr<const Model>& other, int threads,
                  double tolerance);

}  // namespace fovea::tools
