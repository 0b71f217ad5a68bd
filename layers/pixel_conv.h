// A 1x1 convolution that the layer behind it runs, part by part, as it needs the results.
#pragma once

#include <cstdint>

#include "kernels/table.h"

namespace fovea {

class PixelConv {
 public:
  /// Pixels of an image and blocks of 16 output channels.
  struct Part {
    std::int64_t first, pixels, block, blocks;
    const float* next_weights;  ///< to be fetched ahead, see panel_weights; any address
  };

  PixelConv() = default;
  virtual ~PixelConv() = default;
  PixelConv(const PixelConv&) = delete;
  PixelConv& operator=(const PixelConv&) = delete;

  /// Blocks in a panel of weights: a part begins with a whole one. Valid after prepare, as what follows.
  virtual std::int64_t panel_blocks() const = 0;
  /// The weights of the panel that begins with this block.
  virtual const float* panel_weights(std::int64_t block) const = 0;
  /// The part's results, bits as in a run of the whole layer: pixel i of block b at out + b * out_block_stride + i *
  /// 16, both counted from the part's first. `image` is the whole input of one image. Safe in any thread.
  virtual void run_part(const KernelTable& kernels, const float* image, const Part& part, float* out,
                        std::int64_t out_block_stride) const noexcept = 0;
};

}  // namespace fovea
