// Fills this copy's kernel table. Called only after the CPU was checked: even this function is compiled for the copy.
#include "kernels/simd/families.h"

namespace fovea::FOVEA_NS {

void fill_table(KernelTable& t);

void fill_table(KernelTable& t) {
  t.isa = Isa::FOVEA_NS;
  add_activate(t);
  add_conv(t);
  add_depthwise(t);
  add_lanes(t);
  add_normalise(t);
  add_pack(t);
  add_pool(t);
  add_dense(t);
  add_elementwise(t);
  add_gaussian(t);
  add_resample(t);
  add_resize(t);
  add_softmax(t);
  add_winograd(t);
}

}  // namespace fovea::FOVEA_NS
