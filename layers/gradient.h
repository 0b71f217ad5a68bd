// What a layer sees when a score is differentiated through it, as Grad-CAM does: values and gradients of one image.
#pragma once

#include <span>

#include <fovea/shape.h>
#include "kernels/args/common.h"

namespace fovea {

/// One input or the result of a layer, as [H][W][C] whatever the layout of the run.
struct GradientOperand {
  const Shape& shape;
  std::span<const float> value;
  std::span<double> gradient;  ///< of the score by each value
};

/// The gradient of `out` is known; a layer adds what follows from it to those of its inputs.
struct GradientContext {
  std::span<const GradientOperand> in;
  GradientOperand out;
};

/// The gradients of an operation whose result is the values of its only input in the same order.
inline void pass_gradient(const GradientContext& ctx) {
  for (std::size_t i = 0; i < ctx.out.gradient.size(); ++i) ctx.in[0].gradient[i] += ctx.out.gradient[i];
}

/// The gradient before a clamp whose result is `value`, from the one behind it. At the bounds it is zero, as in Keras.
inline double before_clamp(Clamp clamp, double value, double gradient) {
  return clamp.lo < value && value < clamp.hi ? gradient : 0;
}

}  // namespace fovea
