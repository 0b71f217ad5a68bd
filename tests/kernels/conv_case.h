// One convolution call with its buffers, built the same for every instruction set: inputs, weights and strides depend
// on the shape and the seed alone; only the width of the weight panels follows the table.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/support/buffer.h"
#include "tests/support/close.h"
#include "tests/support/kernel_test.h"

namespace fovea::test {

enum class Residual { none, separate, in_place };

struct ConvShape {
  bool planar = false;
  int rows = 1, cols = 1, out_blocks = 1, n_runs = 1;
  int k_blocks = 1;  ///< the runs are cut into this many K-blocks (at most n_runs)
  bool integers = false;
  Residual residual = Residual::none;
  Clamp clamp = kNoClamp;
  int last_lanes = 16;     ///< c16: every `blocks_per_tap`-th run uses only these lanes, the others have zero weights
  int blocks_per_tap = 1;  ///< runs that make up one tap
  int half_runs = 0;       ///< c16: of so many runs at the end only the first 8 values count
  int out_channels = 0;    ///< 0: all lanes of all blocks; otherwise weights and bias past it are zero
};

/// How much of the output one call covers, for tests that cut the work.
struct Part {
  int row = 0, rows = 0, col = 0, cols = 0, block = 0, blocks = 0;
};

class ConvCase {
 public:
  ConvCase(const ConvShape& shape, const KernelTable& table, std::uint32_t seed = test_seed());

  /// One K-block, whole or in part (a part starts at a weight panel).
  ConvArgs block(int k_block);
  ConvArgs block(int k_block, const Part& part);
  Part whole() const { return {0, shape_.rows, 0, shape_.cols, 0, shape_.out_blocks}; }
  void call(const ConvArgs& c) const { (shape_.planar ? table_.conv.f32_planar : table_.conv.f32_c16)(c); }

  /// References of a K-block from the present outputs, in the order of results().
  std::vector<Ref> expected(int k_block);
  /// Outputs of the real channels: [channel][row][col].
  std::vector<float> results() const;
  /// Runs all K-blocks and returns results().
  std::vector<float> run();

  /// Reachable input values of the pixel (row, col), for tests that poison them.
  void poison_pixel(int row, int col);
  /// True if nothing but the outputs of the call was written.
  bool only_outputs_written() const;
  /// Values of the output lanes past out_channels.
  std::vector<float> padding_lanes() const;
  int out_channels() const { return shape_.out_channels > 0 ? shape_.out_channels : shape_.out_blocks * 16; }

 private:
  int run_length() const { return shape_.planar ? 1 : 16; }
  int step() const { return shape_.planar ? 1 : 16; }
  int first_run(int k_block) const { return shape_.n_runs * k_block / shape_.k_blocks; }
  std::int64_t in_row_stride() const { return static_cast<std::int64_t>(shape_.cols) * step() + 7; }
  std::int64_t out_row_stride() const { return shape_.cols * 16 + 5; }
  std::int64_t out_block_stride() const { return shape_.rows * out_row_stride() + 3; }
  std::int64_t panel_stride() const;
  std::int64_t out_size() const;
  std::int64_t out_at(int channel, int row, int col) const;
  void fill_input(Random& random);
  void fill_weights(Random& random);

  ConvShape shape_;
  const KernelTable& table_;
  std::vector<std::int32_t> runs_;
  Buffer in_, weights_, bias_, residual_, out_;
};

}  // namespace fovea::test
