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

cv::Mat swapped(const cv::Mat& picture) {
  cv::Mat result;
  cv::cvtColor(picture, result, cv::COLOR_RGB2BGR);
  return result;
}

}  // namespace

Image resize(const Resize& step, const Image& image) {
  Image result = make_image(step.width, step.height);
  cv::Mat out = view(result);
  const int code = opencv_code(step.interpolation);
  if (step.interpolation != Interpolation::cubic) {
    cv::resize(view(image), out, out.size(), 0, 0, code);
    return result;
  }
  // OpenCV's cubic resize sums in float, but the last width * 3 % 8 bytes of a row in whole numbers, which now and then
  // rounds otherwise. Which channels those are depends on their order, and what imread gives to those who train is BGR.
  cv::Mat resized;
  cv::resize(swapped(view(image)), resized, out.size(), 0, 0, code);
  cv::cvtColor(resized, out, cv::COLOR_BGR2RGB);
  return result;
}

}  // namespace fovea
