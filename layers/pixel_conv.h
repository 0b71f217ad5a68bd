// A 1x1 convolution that the operation behind it runs, part by part, as it needs the results.
#pragma once

#include <cstdint>
#include <memory>

#include "layers/op.h"

namespace fovea {

struct PrepareContext;

class PixelConv : public Op {
 public:
  /// Pixels of an image and blocks of 16 output channels.
  struct Part {
    std::int64_t first, pixels, block, blocks;
    const float* next_weights;  ///< to be fetched ahead, see panel_weights; any address
  };

  /// Blocks in a panel of weights: a part begins with a whole one.
  virtual std::int64_t panel_blocks() const = 0;
  /// The weights of the panel that begins with this block.
  virtual const float* panel_weights(std::int64_t block) const = 0;
  /// The part's results, bits as in a run of the whole: pixel i of block b at out + b * out_block_stride + i * 16, both
  /// counted from the part's first. `image` is the whole input of one image. Safe in any thread.
  virtual void run_part(const KernelTable& kernels, const float* image, const Part& part, float* out,
                        std::int64_t out_block_stride) const noexcept = 0;
};

/// A layer that can be one.
class PixelConvSource {
 public:
  virtual ~PixelConvSource() = default;
  /// In place of Layer::prepare.
  virtual std::unique_ptr<PixelConv> prepare_pixel_conv(const PrepareContext& ctx) const = 0;

 protected:
  PixelConvSource() = default;
  PixelConvSource(const PixelConvSource&) = delete;
  PixelConvSource& operator=(const PixelConvSource&) = delete;
};

}  // namespace fovea
