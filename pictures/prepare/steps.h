// The steps of a card, each in a file of its own. Pictures are never empty.
#pragma once

#include <fovea/prepare.h>
#include "kernels/table.h"

namespace fovea {

Image crop_grey(const CropGrey& step, Image image);
Image crop_circle(Image image);
Image gaussian_contrast(const GaussianContrast& step, const Image& image, const KernelTable& kernels);
/// `step` has its final width and height, not 0 x 0.
Image resize(const Resize& step, const Image& image, const KernelTable& kernels);
/// resize(step, gaussian_contrast(contrast, image)), without a picture in between.
Image resized_contrast(const GaussianContrast& contrast, const Resize& step, const Image& image,
                       const KernelTable& kernels);

}  // namespace fovea
