// The matrices come from the Toom-Cook construction. The product of two polynomials, u of degree tile - 1 and g of
// degree 2, is known from its values at span points (infinity stands for the leading coefficient): evaluate both,
// multiply, interpolate. Reading that backwards, from product to u, turns it into the correlation that a convolution
// layer is: AT evaluates u, transposed; G evaluates g; BT interpolates, transposed. The row of BT for a point p holds
// the coefficients of the product of (x - q) over the other points q, and G is divided by that product at p; the row
// of the point 0 alone is divided itself, so that the one of G stays (1, 0, 0).
#include "kernels/reference/winograd.h"

#include <cmath>
#include <cstddef>

namespace fovea::reference {
namespace {

std::vector<double> points(int tile) {
  if (tile == 2) return {0, 1, -1};
  return {0, 2.0 / 3, -2.0 / 3, 1.5, -1.5};
}

// Coefficients of the product of (x - q) over all points except number `left_out`, lowest power first.
std::vector<double> product_of_roots(const std::vector<double>& roots, std::size_t left_out, std::size_t size) {
  std::vector<double> polynomial(size, 0.0);
  polynomial[0] = 1;
  for (std::size_t q = 0; q < roots.size(); ++q) {
    if (q == left_out) continue;
    for (std::size_t power = size; power-- > 0;) {
      polynomial[power] = (power > 0 ? polynomial[power - 1] : 0) - roots[q] * polynomial[power];
    }
  }
  return polynomial;
}

// left x right transposed.
Matrix times_transposed(const Matrix& left, const Matrix& right) {
  Matrix result(left.size(), std::vector<double>(right.size(), 0.0));
  for (std::size_t i = 0; i < left.size(); ++i) {
    for (std::size_t j = 0; j < right.size(); ++j) {
      for (std::size_t k = 0; k < left[i].size(); ++k) result[i][j] += left[i][k] * right[j][k];
    }
  }
  return result;
}

}  // namespace

WinogradMatrices winograd_matrices(int tile) {
  const std::vector<double> finite = points(tile);
  const std::size_t span = finite.size() + 1, rows = static_cast<std::size_t>(tile);
  WinogradMatrices m{tile, tile + 2, Matrix(rows, std::vector<double>(span, 0.0)), {}, {}, 0, 0};
  for (std::size_t p = 0; p < finite.size(); ++p) {
    std::vector<double> others = product_of_roots(finite, p, span);
    double at_p = 0;
    for (std::size_t power = 0; power < span; ++power) at_p += others[power] * std::pow(finite[p], power);
    if (finite[p] == 0) {
      for (double& x : others) x /= at_p;
      at_p = 1;
    }
    m.bt.push_back(others);
    m.g.push_back({1 / at_p, finite[p] / at_p, finite[p] * finite[p] / at_p});
    for (std::size_t power = 0; power < rows; ++power) m.at[power][p] = std::pow(finite[p], power);
  }
  m.bt.push_back(product_of_roots(finite, span, span));  // infinity
  m.g.push_back({0, 0, 1});
  m.at[rows - 1][span - 1] = 1;
  // Along one line. Tile 2: one sum, and two. Tile 4: (d4 - b2 d2) + a (d3 - b2 d1), in which d1 meets two products
  // with rounded constants and two sums; a3 (m1 - m2) + m5 + b3 (m3 - m4), in which m1 meets one and three.
  m.input_terms = 2 * (tile == 2 ? 1 : 6);
  m.output_terms = 2 * (tile == 2 ? 2 : 5);
  return m;
}

Matrix sandwich(const Matrix& outer, const Matrix& middle) {
  // (outer middle) outerT = outer (outer middleT)T, both products with a transposed right side.
  return times_transposed(outer, times_transposed(outer, middle));
}

Matrix absolute(Matrix m) {
  for (std::vector<double>& row : m) {
    for (double& x : row) x = std::abs(x);
  }
  return m;
}

std::vector<Ref> winograd_input_f32_c16(const WinogradInputArgs& a, const WinogradMatrices& m, int t, int lane) {
  Matrix d(m.bt.size(), std::vector<double>(m.bt.size(), 0.0));
  for (int y = 0; y < m.span; ++y) {
    for (int x = 0; x < m.span; ++x) {
      const int row = t / a.tiles_x * m.tile - a.pad_top + y, col = t % a.tiles_x * m.tile - a.pad_left + x;
      if (row < 0 || row >= a.h || col < 0 || col >= a.w) continue;
      d[y][x] = a.in[(row * a.w + col) * 16 + lane];
    }
  }
  const Matrix values = sandwich(m.bt, d), sizes = sandwich(absolute(m.bt), absolute(d));
  std::vector<Ref> refs;
  for (int p = 0; p < m.span * m.span; ++p) {
    refs.push_back({values[p / m.span][p % m.span], sizes[p / m.span][p % m.span], m.input_terms});
  }
  return refs;
}

std::vector<Ref> winograd_output_f32_c16(const WinogradOutputArgs& a, const WinogradMatrices& m, int t, int lane) {
  Matrix sums(m.bt.size(), std::vector<double>(m.bt.size(), 0.0));
  for (int p = 0; p < m.span * m.span; ++p) {
    sums[p / m.span][p % m.span] = a.in[p * a.position_stride + (t - a.tile_begin) * 16 + lane];
  }
  const Matrix values = sandwich(m.at, sums), sizes = sandwich(absolute(m.at), absolute(sums));
  std::vector<Ref> refs;
  for (int i = 0; i < m.tile * m.tile; ++i) {
    const int row = i / m.tile, col = i % m.tile, y = t / a.tiles_x * m.tile + row, x = t % a.tiles_x * m.tile + col;
    refs.emplace_back();
    if (y >= a.h || x >= a.w) continue;
    Ref& pixel = refs.back() = {values[row][col], sizes[row][col], m.output_terms};
    if (a.residual != nullptr) pixel.add(a.residual[(y * a.w + x) * 16 + lane]);
    pixel.add(a.bias[lane]);
    pixel.value = clamp(pixel.value, a.clamp);
  }
  return refs;
}

}  // namespace fovea::reference
