// What every layer is: shapes, preparation at load, a run that only runs; and what the optimising passes may ask of it.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fovea/arithmetic.h>
#include <fovea/layer_config.h>
#include <fovea/shape.h>
#include "base/thread_team.h"
#include "kernels/table.h"
#include "layers/gradient.h"
#include "layers/pixel_conv.h"
#include "layers/tensor.h"

namespace fovea {

/// min(hi, max(lo, x)) without effect.
inline constexpr Clamp kNoClamp{-__builtin_inff(), __builtin_inff()};

/// The gradient before a clamp whose result is `value`, from the one behind it. At the bounds it is zero, as in Keras.
inline double before_clamp(Clamp clamp, double value, double gradient) {
  return clamp.lo < value && value < clamp.hi ? gradient : 0;
}

/// y = scale[c] * x + shift[c]: what batch normalisation is at inference. In double, because it is folded into weights.
struct ChannelAffine {
  std::vector<double> scale, shift;
};

/// Zeros added around a feature map.
struct Padding {
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
};

/// One operand of a run: image i of the batch lies at data + i * stride.
template <class T>
struct Images {
  T* data;
  std::int64_t stride;
  T* image(std::int64_t i) const { return data + i * stride; }
};

/// What a layer sees once, at load.
struct PrepareContext {
  const KernelTable& kernels;
  std::vector<TensorDesc> in;
  TensorDesc out;
  ThreadTeam& team;
  Arithmetic arithmetic = Arithmetic::direct;
};

/// What a layer sees at every run.
class Layer;

struct RunContext {
  const KernelTable& kernels;
  ThreadTeam& team;
  int batch;
  std::span<const Images<const float>> in;
  Images<float> out;
  float* scratch;  ///< one piece of scratch_stride floats for each thread of the team
  std::int64_t scratch_stride;
  float* shared_scratch;
  const Layer* next = nullptr;  ///< what is run after this one: its first weights can be fetched ahead
  float* thread_scratch(int thread) const { return scratch + thread * scratch_stride; }
  /// Where the weights begin that the thread reads after this task of `tasks`: `own`, or after the last of its range
  /// those of the next layer, if it says.
  const float* weights_after(std::int64_t task, std::int64_t tasks, int thread, const float* own) const;
};

/// One layer of a network. Built from its configuration (the constructor checks attributes and weights), asked for
/// shapes, possibly merged with its neighbours by the engine's passes, prepared once, then run by any number of
/// threads.
class Layer {
 public:
  explicit Layer(const LayerConfig& config) : name_(config.name()), class_name_(config.class_name()) {}
  Layer(std::string name, std::string class_name) : name_(std::move(name)), class_name_(std::move(class_name)) {}
  virtual ~Layer();
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  const std::string& name() const { return name_; }
  const std::string& class_name() const { return class_name_; }

  /// Shape of the result. Throws Error if the inputs do not fit.
  virtual Shape infer(std::span<const Shape> in) const = 0;
  /// Layout in which the layer wants all its inputs.
  virtual Layout input_layout(std::span<const Shape>) const { return Layout::c16; }
  virtual Layout output_layout() const { return Layout::c16; }
  /// Packs weights and fixes the cutting of the work. After this the layer never changes.
  virtual void prepare(const PrepareContext&) {}
  /// Floats of scratch each thread needs, known after prepare.
  virtual std::int64_t scratch_floats() const { return 0; }
  /// Floats of scratch that all threads of a session share, known after prepare.
  virtual std::int64_t shared_scratch_floats() const { return 0; }
  /// Input whose buffer the result may overwrite, or -1.
  virtual int in_place_input() const { return -1; }
  virtual void run(const RunContext&) const noexcept = 0;
  /// Multiply-accumulates of one image as the model defines the layer, even if fewer or more are done, and the kernel
  /// chosen; for reports, valid after prepare.
  virtual std::int64_t macs() const { return 0; }
  virtual std::string kernel_name() const { return ""; }
  virtual std::int64_t weight_bytes() const { return 0; }
  /// The weights that a thread of the team reads first in a run of so many images, or nullptr.
  virtual const float* first_weights(const ThreadTeam&, [[maybe_unused]] int thread, [[maybe_unused]] int batch) const {
    return nullptr;
  }

  /// Can `add_gradients` be called? Valid after prepare.
  virtual bool has_gradient() const { return false; }
  /// Vector-Jacobian product of one image: adds to the gradients of the inputs what that of the result makes of them.
  virtual void add_gradients(const GradientContext&) const {}

  // --- What passes ask. A layer answers for itself; passes know no layer by name. -------------------------------
  /// True if the result is the input (Dropout at inference): the layer is dropped.
  virtual bool is_identity(std::span<const Shape>) const { return false; }
  /// What to run in the layer's place on inputs of these shapes; nullptr: the layer itself.
  virtual std::unique_ptr<Layer> specialise(std::span<const Shape>) { return nullptr; }
  /// What the layer's configuration asks for and it cannot do itself, an activation for instance; taken out as a layer
  /// of its own that follows.
  virtual std::unique_ptr<Layer> take_activation() { return nullptr; }
  /// True for convolutions of any kind, and for layers that change nothing but the layout.
  virtual bool is_convolution() const { return false; }
  virtual bool is_layout_change() const { return false; }
  /// The layer as a clamp, an affine map of channels, zero padding or the sum of its inputs, if it is one.
  virtual std::optional<Clamp> as_clamp() const { return std::nullopt; }
  virtual const ChannelAffine* as_affine() const { return nullptr; }
  virtual std::optional<Padding> as_padding() const { return std::nullopt; }
  virtual bool is_sum() const { return false; }
  /// Takes the neighbour into this layer: a clamp, an affine map or a sum after it, padding before it. False: cannot.
  virtual bool fuse_clamp(Clamp) { return false; }
  virtual bool fuse_affine(const ChannelAffine&) { return false; }
  virtual bool fuse_padding(const Padding&) { return false; }
  /// After this the layer has one more input, added to its result.
  virtual bool fuse_sum() { return false; }
  /// The layer as a 1x1 convolution that may be run in parts, if it is one that nothing is added to.
  virtual const PixelConv* as_pixel_conv() const { return nullptr; }
  /// Takes the layer before it, a pixel convolution, into this one, whose input is then that of `before`: what lies
  /// between them, a map of shape `between`, is never whole in memory. False: cannot or does not pay, and `before` is
  /// as it was.
  virtual bool fuse_before([[maybe_unused]] std::unique_ptr<Layer>& before, [[maybe_unused]] const Shape& between) {
    return false;
  }
  /// The layer reads only every n-th row and column of this input, from the first on.
  virtual std::int64_t input_stride(std::size_t) const { return 1; }
  /// From now on this input holds only what the layer reads of it.
  virtual void drop_input_stride(std::size_t) {}
  /// From now on the layer computes only every n-th row and column of its result, from the first on; `whole` is the
  /// result's shape as the model has it. False: cannot.
  virtual bool subsample(std::int64_t, [[maybe_unused]] const Shape& whole) { return false; }

 protected:
  /// "layer 'conv1' (Conv2D): " + message.
  std::string where(const std::string& message) const;
  /// Checks the number of inputs and, for 2D layers, that the first is {H, W, C}.
  const Shape& only_input(std::span<const Shape> in) const;
  const Shape& feature_map(std::span<const Shape> in) const;
  /// The gradients of a layer whose result is the values of its only input in the same order.
  static void pass_gradient(const GradientContext& ctx);

 private:
  std::string name_, class_name_;
};

inline const float* RunContext::weights_after(std::int64_t task, std::int64_t tasks, int thread,
                                              const float* own) const {
  if (next == nullptr || task + 1 != team.range_begin(tasks, thread + 1)) return own;
  const float* first = next->first_weights(team, thread, batch);
  return first == nullptr ? own : first;
}

}  // namespace fovea
