// Contrast against the blurred surroundings: saturate(weight * img + blur_weight * blur + offset).
#include <opencv2/imgproc.hpp>

#include "loaders/image/make_image.h"
#include "loaders/image/opencv_view.h"
#include "loaders/image/steps.h"

namespace fovea {

Image gaussian_contrast(const GaussianContrast& step, const Image& image) {
  Image result = make_image(image.width, image.height);
  cv::Mat out = view(result);
  // Size(0, 0): OpenCV takes the kernel's size from sigma, 6 sigma + 1 rounded to odd for 8-bit pixels.
  cv::GaussianBlur(view(image), out, cv::Size(0, 0), step.sigma);
  cv::addWeighted(view(image), step.weight, out, step.blur_weight, step.offset, out);
  return result;
}

}  // namespace fovea
