// OpenCV's view of an Image: no copy. Only the sources in this folder that use OpenCV include it.
#pragma once

#include <opencv2/core.hpp>

#include "loaders/image/image.h"

namespace fovea {

/// OpenCV has no Mat of const data: what a step gets from here it only reads.
inline cv::Mat view(const Image& image) {
  return cv::Mat(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data()));
}

inline cv::Mat view(Image& image) { return cv::Mat(image.height, image.width, CV_8UC3, image.pixels.data()); }

}  // namespace fovea
