// What every reference kernel returns: a value in double, and what is needed to say how far a float result may be off.
#pragma once

#include "kernels/args/common.h"

namespace fovea::reference {

/// One output element. A float computation of it may be off by (terms + 2) * 2^-24 * abs_sum.
struct Ref {
  double value = 0;    ///< the result
  double abs_sum = 0;  ///< sum of |products| that were added up
  double terms = 0;    ///< how many roundings in a row a term may go through

  /// Adds x to the sum.
  void add(double x) {
    value += x;
    abs_sum += x < 0 ? -x : x;
    terms += 1;
  }
};

/// min(hi, max(lo, x)), NaN stays NaN. A clamp brings two values no further apart, so abs_sum stays what it was.
inline double clamp(double x, Clamp c) { return x < c.lo ? c.lo : x > c.hi ? c.hi : x; }

}  // namespace fovea::reference
