// Keras GlobalAveragePooling2D. Source: keras/src/layers/pooling/global_average_pooling2d.py.
#include "layers/global_pooling_2d.h"

namespace fovea {

namespace {

class GlobalAveragePooling2D final : public GlobalPooling2D {
 public:
  using GlobalPooling2D::GlobalPooling2D;
  std::string kernel_name() const override { return "global_average_f32_c16"; }

 private:
  Kernel pick(const KernelTable& kernels) const noexcept override { return kernels.global_average_f32_c16; }
};

}  // namespace

std::unique_ptr<Layer> make_global_average_pooling_2d(const LayerConfig& config) {
  return std::make_unique<GlobalAveragePooling2D>(config);
}

}  // namespace fovea
