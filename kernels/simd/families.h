// Each kernel family adds its functions to this copy's table.
#pragma once

#include "kernels/table.h"

namespace fovea::FOVEA_NS {

void add_activate(KernelTable& t);
void add_conv(KernelTable& t);
void add_depthwise(KernelTable& t);
void add_lanes(KernelTable& t);
void add_normalise(KernelTable& t);
void add_pack(KernelTable& t);
void add_pool(KernelTable& t);
void add_dense(KernelTable& t);
void add_elementwise(KernelTable& t);
void add_gaussian(KernelTable& t);
void add_resample(KernelTable& t);
void add_resize(KernelTable& t);
void add_softmax(KernelTable& t);
void add_winograd(KernelTable& t);

}  // namespace fovea::FOVEA_NS
