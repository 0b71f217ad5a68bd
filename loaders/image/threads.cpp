// How many threads OpenCV may use inside one step.
#include <opencv2/core/utility.hpp>

#include "loaders/image/image.h"

namespace fovea {

void set_image_threads(int threads) { cv::setNumThreads(threads); }

}  // namespace fovea
