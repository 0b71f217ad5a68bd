// What a layer sees when a score is differentiated through it, as Grad-CAM does: values and gradients of one image.
#pragma once

#include <span>

#include <fovea/shape.h>

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

}  // namespace fovea
