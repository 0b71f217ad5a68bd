// Resize without keeping the aspect ratio, as cv::resize does it.
#include <opencv2/imgproc.hpp>

#include "loaders/image/make_image.h"
#include "loaders/image/opencv_view.h"
#include "loaders/image/steps.h"

namespace fovea {
namespace {

int opencv_code(Interpolation interpolation) {
  switch (interpolation) {
    case Interpolation::nearest:
      return cv::INTER_NEAREST;
    case Interpolation::linear:
      return cv::INTER_LINEAR;
    case Interpolation::cubic:
      return cv::INTER_CUBIC;
    case Interpolation::area:
      break;
  }
  return cv::INTER_AREA;
}

}  // namespace

Image resize(const Resize& step, const Image& image) {
  Image result = make_image(step.width, step.height);
  cv::Mat out = view(result);
  cv::resize(view(image), out, out.size(), 0, 0, opencv_code(step.interpolation));
  return result;
}

}  // namespace fovea
