// The steps of a card with this machine's best kernels, for tests that are not about instruction sets.
#pragma once

#include "kernels/dispatch.h"
#include "pictures/prepare/steps.h"

namespace fovea::image_test {

inline const KernelTable& best_table() { return *usable_tables().front(); }

inline Image gaussian_contrast(const GaussianContrast& step, const Image& image) {
  return fovea::gaussian_contrast(step, image, best_table());
}
inline Image resize(const Resize& step, const Image& image) { return fovea::resize(step, image, best_table()); }
inline Image resized_contrast(const GaussianContrast& contrast, const Resize& step, const Image& image) {
  return fovea::resized_contrast(contrast, step, image, best_table());
}

}  // namespace fovea::image_test
