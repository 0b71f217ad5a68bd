// Arguments of operations on two values.
#pragma once

namespace fovea {

/// Two values into one: subtract is a - b.
enum class Pairing { add, subtract, multiply, maximum, minimum };

/// Pairing of a block's pixels with something smaller: out = a[i] op b, or b op a[i] if `swapped`.
struct PairSmallArgs {
  Pairing pairing;
  bool swapped;
  const float* a;  ///< [pixels][16]
  const float* b;  ///< per_pixel: lane 0 of [pixels][16], for all lanes; else [16], for all pixels
  bool per_pixel;
  float* out;  ///< [pixels][16], may be a
  int pixels;
};

}  // namespace fovea
