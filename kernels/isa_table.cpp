// Fills this copy's kernel table. Called only after the CPU was checked: even this function is compiled for the copy.
#include "kernels/families.h"

namespace fovea::FOVEA_NS {

void fill_table(KernelTable& t);

void fill_table(KernelTable& t) {
  t.isa = Isa::FOVEA_NS;
  t.conv = conv_kernels();
  t.pack = pack_kernels();
  t.winograd = winograd_kernels();
  t.pool = pool_kernels();
  t.depthwise = depthwise_kernels();
  t.lanes = lanes_kernels();
  t.dense = dense_kernels();
  t.elementwise = elementwise_kernels();
  t.activate = activate_kernels();
  t.softmax = softmax_kernels();
  t.normalise = normalise_kernels();
  t.resample = resample_kernels();
  t.gaussian = gaussian_kernels();
  t.resize = resize_kernels();
}

}  // namespace fovea::FOVEA_NS
