// Keras GlobalMaxPooling2D. Source: keras/src/layers/pooling/global_max_pooling2d.py.
#include "layers/global_pooling_2d.h"

namespace fovea {

namespace {

class GlobalMaxPooling2D final : public GlobalPooling2D {
 public:
  using GlobalPooling2D::GlobalPooling2D;
  std::string kernel_name() const override { return "global_max_f32_c16"; }

 private:
  Kernel pick(const KernelTable& kernels) const noexcept override { return kernels.global_max_f32_c16; }
};

}  // namespace

std::unique_ptr<Layer> make_global_max_pooling_2d(const LayerConfig& config) {
  return std::make_unique<GlobalMaxPooling2D>(config);
}

}  // namespace fovea
