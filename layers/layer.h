// A layer is a word of the graph: it knows its attributes and weights, infers shapes, may be merged with its
// neighbours, and makes the operation that runs. Layers and the file's weights are gone once a model is loaded.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fovea/arithmetic.h>
#include <fovea/layer_config.h>
#include <fovea/shape.h>
#include "kernels/table.h"
#include "layers/op.h"
#include "layers/packed.h"
#include "layers/role.h"
#include "layers/tensor.h"

namespace fovea {

/// What a layer sees when it makes its operation.
struct PrepareContext {
  const KernelTable& kernels;
  std::vector<TensorDesc> in;
  TensorDesc out;
  Packer& packer;
  Arithmetic arithmetic = Arithmetic::direct;
};

/// The formats in which a layer wants all its inputs, and of its result.
struct LayerFormats {
  Format in = Layout::c16, out = Layout::c16;
};

/// One layer of a network. Built from its configuration (the constructor checks attributes and weights), asked for
/// shapes, possibly merged with its neighbours by the engine's passes, which know no layer by name, then prepared once.
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
  virtual LayerFormats formats(std::span<const Shape>) const { return {}; }
  /// Packs weights and fixes the cutting of the work. Called once; after it the layer is of no use. A layer that others
  /// always take the place of (`specialise`, `take_activation`) need not have it.
  virtual std::unique_ptr<Op> prepare(const PrepareContext& ctx);

  /// What to run in the layer's place on inputs of these shapes; nullptr: the layer itself.
  virtual std::unique_ptr<Layer> specialise(std::span<const Shape>) { return nullptr; }
  /// What the layer's configuration asks for and it cannot do itself, an activation for instance; taken out as a layer
  /// of its own that follows.
  virtual std::unique_ptr<Layer> take_activation() { return nullptr; }

  /// What the layer is to its neighbours, on inputs of these shapes.
  virtual Role role(std::span<const Shape>) const { return {}; }
  /// Takes a neighbour into this layer: a clamp, an affine map or a sum after it, padding before it. With a sum the
  /// layer has one more input, added to its result. False: cannot.
  virtual bool absorb(const Role&) { return false; }
  /// Takes the layer before it, a pixel convolution, into this one, whose input is then that of `before`: what lies
  /// between them, a map of shape `between`, is never whole in memory. False: cannot or does not pay, and `before` is
  /// as it was.
  virtual bool absorb_before([[maybe_unused]] std::unique_ptr<Layer>& before, [[maybe_unused]] const Shape& between) {
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

 private:
  std::string name_, class_name_;
};

}  // namespace fovea
