// What runs: an operation, made by a layer for one shape, one instruction set and one arithmetic. It never changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/thread_team.h"
#include "kernels/table.h"
#include "layers/gradient.h"

namespace fovea {

/// One operand of a run: image i of the batch lies `stride` bytes behind image i - 1. Byte is std::byte or const
/// std::byte; values have the element type of the operand's format.
template <class Byte>
struct Images {
  Byte* data;
  std::int64_t stride;

  auto* image(std::int64_t i) const { return as<float>(i); }
  template <class T>
  auto* as(std::int64_t i) const {
    if constexpr (std::is_const_v<Byte>) {
      return reinterpret_cast<const T*>(data + i * stride);
    } else {
      return reinterpret_cast<T*>(data + i * stride);
    }
  }
};
using Operand = Images<const std::byte>;
using Result = Images<std::byte>;

class Op;

/// What an operation sees at every run.
struct RunContext {
  const KernelTable& kernels;
  ThreadTeam& team;
  int batch;
  std::span<const Operand> in;
  Result out;
  std::byte* scratch;  ///< one piece of scratch_stride bytes for each thread of the team
  std::int64_t scratch_stride;
  std::byte* shared;         ///< scratch that all threads of the session share
  const Op* next = nullptr;  ///< what is run after this one: its first weights can be fetched ahead

  float* thread_scratch(int thread) const { return reinterpret_cast<float*>(scratch + thread * scratch_stride); }
  float* shared_scratch() const { return reinterpret_cast<float*>(shared); }
  /// Where the weights begin that the thread reads after this task of `tasks`: `own`, or after the last of its range
  /// those of the next operation, if it says.
  const float* weights_after(std::int64_t task, std::int64_t tasks, int thread, const float* own) const;
};

/// What a session provides for an operation. Sizes in bytes.
struct OpNeeds {
  std::int64_t thread_scratch = 0;  ///< for each thread
  std::int64_t shared_scratch = 0;
  int in_place_input = -1;  ///< whose buffer the result may overwrite
};

/// For `model-info` and profiles.
struct OpReport {
  std::string kernel = "";
  std::int64_t macs = 0;  ///< multiply-accumulates of one image as the model defines the layer, whatever is done
  std::int64_t weight_bytes = 0;
  std::string reason = "";  ///< why this operation and not another that computes the same
};

class Op {
 public:
  Op() = default;
  virtual ~Op();
  Op(const Op&) = delete;
  Op& operator=(const Op&) = delete;

  /// Safe in any number of sessions at once.
  virtual void run(const RunContext&) const noexcept = 0;
  virtual OpNeeds needs() const { return {}; }
  virtual OpReport report() const { return {}; }
  /// The weights that a thread of the team reads first in a run of so many images, or nullptr.
  virtual const float* first_weights(const ThreadTeam&, [[maybe_unused]] int thread, [[maybe_unused]] int batch) const {
    return nullptr;
  }
  /// Can `add_gradients` be called?
  virtual bool has_gradient() const { return false; }
  /// Vector-Jacobian product of one image: adds to the gradients of the inputs what that of the result makes of them.
  virtual void add_gradients(const GradientContext&) const {}
};

inline const float* RunContext::weights_after(std::int64_t task, std::int64_t tasks, int thread,
                                              const float* own) const {
  if (next == nullptr || task + 1 != team.range_begin(tasks, thread + 1)) return own;
  const float* first = next->first_weights(team, thread, batch);
  return first == nullptr ? own : first;
}

/// Bytes of so many floats.
constexpr std::int64_t float_bytes(std::int64_t floats) { return floats * std::int64_t{sizeof(float)}; }

}  // namespace fovea
