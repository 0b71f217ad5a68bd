// Keras MaxPooling2D. Source: keras/src/layers/pooling/max_pooling2d.py.
#include "layers/pooling_2d.h"

namespace fovea {

namespace {

class MaxPooling2D final : public Pooling2D {
 public:
  using Pooling2D::Pooling2D;
  bool fuse_padding(const Padding& padding) override {
    if (same()) return false;
    set_padding(padding);
    return true;
  }
  std::string kernel_name() const override { return "max_pool_f32_c16"; }

 private:
  Kernel pick(const KernelTable& kernels) const noexcept override { return kernels.max_pool_f32_c16; }
};

}  // namespace

std::unique_ptr<Layer> make_max_pooling_2d(const LayerConfig& config) { return std::make_unique<MaxPooling2D>(config); }

}  // namespace fovea
