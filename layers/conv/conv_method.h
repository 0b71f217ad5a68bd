// One way to compute a convolution: made once at load for one shape, then run by any number of threads.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "layers/layer.h"
#include "layers/window.h"

namespace fovea {

/// Shapes of a convolution, as its layer has worked them out.
struct ConvGeometry {
  const KernelTable& kernels;
  TensorDesc in, out;
  WindowAxis y, x;
  std::int64_t pad_top, pad_left;
};

/// Weights in Keras' order {kh, kw, in, out} and the factor of each output channel that is folded into them.
struct ConvWeights {
  const Weight& kernel;
  const std::vector<double>& scale;
};

/// What follows the sum.
struct ConvEpilogue {
  const float* bias;  ///< [out blocks * 16]
  Clamp clamp;
  bool residual;  ///< the second input of the run is added
};

class ConvMethod {
 public:
  ConvMethod() = default;
  virtual ~ConvMethod() = default;
  ConvMethod(const ConvMethod&) = delete;
  ConvMethod& operator=(const ConvMethod&) = delete;

  /// Threads share pieces of output; no sum is ever shared, so results do not depend on the cut.
  virtual void run(const ConvEpilogue& epilogue, const RunContext& ctx) const noexcept = 0;
  /// Of a 1x1 kernel of stride 1 without padding or groups, which is always a direct convolution: a part of the output,
  /// as PixelConv has it. Others are never asked.
  virtual void run_part(const KernelTable&, const ConvEpilogue&, [[maybe_unused]] const float* image,
                        const PixelConv::Part&, [[maybe_unused]] float* out, std::int64_t) const noexcept {
    std::terminate();
  }
  virtual std::int64_t panel_blocks() const { std::terminate(); }
  virtual const float* panel_weights(std::int64_t) const { std::terminate(); }
  virtual std::int64_t scratch_floats() const = 0;
  virtual std::int64_t shared_scratch_floats() const { return 0; }
  virtual std::int64_t weight_floats() const = 0;
  virtual std::string name() const = 0;
  /// See Layer::first_weights.
  virtual const float* first_weights(const ThreadTeam&, [[maybe_unused]] int thread, [[maybe_unused]] int batch) const {
    return nullptr;
  }
  /// Of a 1x1 kernel over one pixel, which is always a direct convolution: adds kernel * out to `in`.
  virtual void add_pixel_gradients([[maybe_unused]] std::span<const double> out, std::span<double>) const {}
};

std::unique_ptr<ConvMethod> make_direct_conv(const ConvGeometry& geometry, const ConvWeights& weights,
                                             ThreadTeam& team);
/// Of a c16 input, whose channels and those of the output `groups` divides; the kernel is {kh, kw, in / groups, out}.
std::unique_ptr<ConvMethod> make_grouped_conv(const ConvGeometry& geometry, std::int64_t groups,
                                              const ConvWeights& weights, ThreadTeam& team);
/// F(tile x tile, 3x3) with tile 4 or 2, for a 3x3 kernel of stride and dilation 1 over a c16 input.
std::unique_ptr<ConvMethod> make_winograd_conv(int tile, const ConvGeometry& geometry, const ConvWeights& weights,
                                               ThreadTeam& team);

}  // namespace fovea
