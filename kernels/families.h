// Each kernel family of this copy: what it offers.
#pragma once

#include "kernels/table.h"

namespace fovea::FOVEA_NS {

ConvKernels conv_kernels();
PackKernels pack_kernels();
WinogradKernels winograd_kernels();
PoolKernels pool_kernels();
DepthwiseKernels depthwise_kernels();
LanesKernels lanes_kernels();
DenseKernels dense_kernels();
ElementwiseKernels elementwise_kernels();
ActivateKernels activate_kernels();
SoftmaxKernels softmax_kernels();
NormaliseKernels normalise_kernels();
ResampleKernels resample_kernels();
GaussianKernels gaussian_kernels();
ResizeKernels resize_kernels();

}  // namespace fovea::FOVEA_NS
