// Black outside the circle around the picture's centre that touches its nearer sides.
#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "loaders/image/make_image.h"
#include "loaders/image/opencv_view.h"
#include "loaders/image/steps.h"

namespace fovea {

Image crop_circle(const Image& image) {
  const cv::Point centre(image.width / 2, image.height / 2);
  // Which pixels are inside is OpenCV's choice of a filled circle, so its own drawing makes the mask.
  cv::Mat mask = cv::Mat::zeros(image.height, image.width, CV_8U);
  cv::circle(mask, centre, std::min(centre.x, centre.y), cv::Scalar(255), cv::FILLED);
  Image cropped = make_image(image.width, image.height);  // black
  cv::Mat out = view(cropped);
  view(image).copyTo(out, mask);
  return cropped;
}

}  // namespace fovea
