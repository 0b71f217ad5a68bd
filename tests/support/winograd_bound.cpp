// The algorithm itself, with every value replaced by its magnitude.
#include "tests/support/winograd_bound.h"

#include <algorithm>
#include <cmath>

#include "kernels/reference/winograd.h"

namespace fovea::test {

namespace {

using reference::absolute;
using reference::Matrix;
using reference::sandwich;

Matrix zeros(int size) { return Matrix(size, std::vector<double>(size, 0.0)); }

// |G| |g| |GT|: [filter][channel], a matrix of positions each.
std::vector<Matrix> weight_sizes(const Matrix& g, const PlainConv& conv) {
  std::vector<Matrix> sizes;
  for (std::int64_t f = 0; f < conv.filters; ++f) {
    for (std::int64_t c = 0; c < conv.channels; ++c) {
      Matrix taps = zeros(3);
      for (int i = 0; i < 9; ++i)
        taps[i / 3][i % 3] = std::abs(conv.kernel[(i * conv.channels + c) * conv.filters + f]);
      sizes.push_back(sandwich(g, taps));
    }
  }
  return sizes;
}

// |BT| |d| |B| of the tile whose first output is (y0, x0), for one channel.
Matrix input_sizes(const Matrix& bt, const PlainConv& conv, std::int64_t y0, std::int64_t x0, std::int64_t channel) {
  const int span = static_cast<int>(bt.size());
  Matrix d = zeros(span);
  for (int i = 0; i < span * span; ++i) {
    const std::int64_t y = y0 - conv.pad_top + i / span, x = x0 - conv.pad_left + i % span;
    if (y < 0 || y >= conv.h || x < 0 || x >= conv.w) continue;
    d[i / span][i % span] = std::abs(conv.in[(y * conv.w + x) * conv.channels + channel]);
  }
  return sandwich(bt, d);
}

}  // namespace

std::vector<double> winograd_sizes(int tile, const PlainConv& conv) {
  const reference::WinogradMatrices m = reference::winograd_matrices(tile);
  const Matrix at = absolute(m.at), bt = absolute(m.bt);
  const std::vector<Matrix> weights = weight_sizes(absolute(m.g), conv);
  std::vector<double> sizes(static_cast<std::size_t>(conv.out_h * conv.out_w * conv.filters));
  for (std::int64_t y0 = 0; y0 < conv.out_h; y0 += tile) {
    for (std::int64_t x0 = 0; x0 < conv.out_w; x0 += tile) {
      std::vector<Matrix> inputs;
      for (std::int64_t c = 0; c < conv.channels; ++c) inputs.push_back(input_sizes(bt, conv, y0, x0, c));
      for (std::int64_t f = 0; f < conv.filters; ++f) {
        Matrix products = zeros(m.span);
        for (std::int64_t c = 0; c < conv.channels; ++c) {
          const Matrix &u = weights[f * conv.channels + c], &v = inputs[c];
          for (int i = 0; i < m.span * m.span; ++i) {
            products[i / m.span][i % m.span] += u[i / m.span][i % m.span] * v[i / m.span][i % m.span];
          }
        }
        const Matrix pixels = sandwich(at, products);
        for (std::int64_t y = y0; y < std::min(y0 + tile, conv.out_h); ++y) {
          for (std::int64_t x = x0; x < std::min(x0 + tile, conv.out_w); ++x) {
            sizes[(y * conv.out_w + x) * conv.filters + f] = pixels[y - y0][x - x0];
          }
        }
      }
    }
  }
  return sizes;
}

double winograd_terms(int tile, std::int64_t channels) {
  const reference::WinogradMatrices m = reference::winograd_matrices(tile);
  // A product is rounded by itself without FMA; sums over channels are cut into chains of 256, added up in order.
  const double products = 1 + static_cast<double>(channels) + std::ceil(static_cast<double>(channels) / 256);
  return m.input_terms + 1 + products + m.output_terms + 2;
}

}  // namespace fovea::test
