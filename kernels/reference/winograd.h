// Reference of Winograd's transforms: matrix products in double, with matrices built from their points alone.
#pragma once

#include <vector>

#include "kernels/args/winograd.h"
#include "kernels/reference/ref.h"

namespace fovea::reference {

using Matrix = std::vector<std::vector<double>>;

/// F(tile x tile, 3x3): output tile = AT [(G g GT) . (BT d B)] A.
struct WinogradMatrices {
  int tile, span;    ///< span = tile + 2
  Matrix at, g, bt;  ///< tile x span, span x 3, span x span
  /// Roundings in a row that a float transform goes through: products with rounded constants and sums, in both
  /// directions, each product and sum rounded by itself as on instruction sets without FMA.
  double input_terms, output_terms;
};

/// For tile 4 or 2.
WinogradMatrices winograd_matrices(int tile);

/// outer x middle x outer transposed.
Matrix sandwich(const Matrix& outer, const Matrix& middle);
/// All values made positive: with it a sandwich is the size of what is added up.
Matrix absolute(Matrix m);

/// What the input transform writes for tile `t` of the image: span * span positions.
std::vector<Ref> winograd_input_f32_c16(const WinogradInputArgs& a, const WinogradMatrices& m, int t, int lane);

/// What the output transform writes for tile `t`: tile * tile pixels; those outside the output stay empty. Reads the
/// residual, so call it before the kernel overwrites it.
std::vector<Ref> winograd_output_f32_c16(const WinogradOutputArgs& a, const WinogradMatrices& m, int t, int lane);

}  // namespace fovea::reference
