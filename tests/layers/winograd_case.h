// One convolution by Winograd's algorithm with guarded buffers around everything it may touch, and what it must give.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "layers/conv/conv_method.h"
#include "tests/support/kernel_test.h"
#include "tests/support/winograd_bound.h"

namespace fovea::test {

enum class Residual { none, separate, in_place };

struct WinogradShape {
  int tile = 4;
  std::int64_t h = 8, w = 8, channels = 16, filters = 16;
  std::int64_t top = 1, left = 1, bottom = 1, right = 1;
  bool integers = false;
  Residual residual = Residual::none;
  Clamp clamp = kNoClamp;

  std::int64_t out_h() const { return h + top + bottom - 2; }
  std::int64_t out_w() const { return w + left + right - 2; }
};
std::ostream& operator<<(std::ostream& out, const WinogradShape& s);

/// Weights, bias and three images; the same for every instruction set.
class WinogradCase {
 public:
  explicit WinogradCase(const WinogradShape& shape);

  /// Results of the images in `order` as one batch: [out_h][out_w][filters] each. A write outside the results or the
  /// scratch, a value left unwritten or a padding lane that is not zero is a test failure. Runs twice, over the
  /// remains of the first run.
  std::vector<std::vector<float>> run(const KernelTable& table, int threads, const std::vector<int>& order) const;

  /// Result of one image by direct convolution on one thread.
  std::vector<float> run_direct(const KernelTable& table, int image) const;

  /// True if the last run shared the transformed input between threads, which then divided output channels.
  bool divided_channels() const { return divided_channels_; }

  /// By a convolution in double, with the bound of the algorithm.
  std::vector<Ref> expected(int image) const;

  /// Makes every value of an image NaN.
  void poison(int image);

 private:
  struct Image {
    std::vector<float> in, residual;  // [h][w][channels], [out_h][out_w][filters]
  };
  ConvGeometry geometry(const KernelTable& table) const;
  ConvSpec spec(const KernelTable& table) const;
  std::vector<std::vector<float>> run(const Op& op, const ConvGeometry& g, ThreadTeam& team,
                                      const std::vector<int>& order) const;

  WinogradShape shape_;
  Weight kernel_;
  std::vector<double> scale_;
  std::vector<float> bias_;
  std::vector<Image> images_;
  mutable bool divided_channels_ = false;
};

}  // namespace fovea::test
