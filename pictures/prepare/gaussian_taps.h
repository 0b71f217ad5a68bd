// The taps of OpenCV's 8-bit Gaussian blur.
#pragma once

#include <vector>

namespace fovea {

/// Whole numbers that sum to 256, symmetric, an odd count of them: those of cv::GaussianBlur(img, Size(0, 0), sigma) on
/// 8-bit pixels without the zeros at both ends. sigma > 0.
std::vector<int> gaussian_taps(double sigma);

}  // namespace fovea
