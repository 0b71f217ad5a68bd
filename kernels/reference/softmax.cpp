// Reference softmax, with the roundings of a float computation counted.
#include "kernels/reference/softmax.h"

#include <cmath>

namespace fovea::reference {

std::vector<Ref> softmax_f32_c16(const SoftmaxArgs& s, int pixel) {
  std::vector<double> x(s.channels);
  double largest = -HUGE_VAL;
  for (int c = 0; c < s.channels; ++c) {
    x[c] = s.in[c / 16 * s.block_stride + pixel * 16 + c % 16];
    largest = x[c] > largest ? x[c] : largest;
  }
  double sum = 0, sum_of_roundings = 0;
  for (int c = 0; c < s.channels; ++c) {
    const double e = std::exp(x[c] - largest);
    sum += e;
    if (e > 0) sum_of_roundings += e * (largest - x[c]);
  }
  // Units of 2^-24, relative: the difference d to the largest is rounded once, which exp turns into d units, and exp
  // adds 4 (2 ulp); so does each term of the sum, weighted by its size; then `channels` additions and one division.
  std::vector<Ref> out;
  for (int c = 0; c < s.channels; ++c) {
    const double value = std::exp(x[c] - largest) / sum;
    const double smallest_normal = 0x1p-126;  // below it steps are absolute
    const double terms = largest - x[c] + 4 + sum_of_roundings / sum + 4 + s.channels + 1;
    out.push_back({value, value > smallest_normal ? value : smallest_normal, terms});
  }
  return out;
}

}  // namespace fovea::reference
