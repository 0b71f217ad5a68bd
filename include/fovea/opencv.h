// A cv::Mat as it is, for programs that have OpenCV; fovea itself does not need it. Not part of <fovea/fovea.h>.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include <opencv2/core.hpp>

#include <fovea/prepare.h>

namespace fovea {

/// A view of an 8-bit picture of one (grey), three (BGR) or four channels (BGRA), as OpenCV reads and captures them, or
/// of a window of one. It is valid as long as the matrix. Throws Error for any other matrix, by name.
inline ImageView view(const cv::Mat& picture) {
  if (picture.empty()) throw Error("the cv::Mat is empty");
  const std::string type = cv::typeToString(picture.type());
  if (picture.dims != 2) throw Error("a cv::Mat of " + std::to_string(picture.dims) + " dimensions is no picture");
  if (picture.depth() != CV_8U) throw Error("the cv::Mat is " + type + ": a picture has 8 bits a channel (CV_8U)");
  const int channels = picture.channels();
  if (channels != 1 && channels != 3 && channels != 4) {
    throw Error("the cv::Mat is " + type + ": a picture has 1, 3 or 4 channels");
  }
  const ChannelOrder order = channels == 1   ? ChannelOrder::grey
                             : channels == 3 ? ChannelOrder::bgr
                                             : ChannelOrder::bgra;
  return {picture.data, picture.cols, picture.rows, static_cast<std::ptrdiff_t>(picture.step[0]), order};
}

/// Copies a matrix of floats (CV_32F) with as many rows, columns and channels as the model's input, already as the
/// network wants it, to the input of image `image`. Throws Error for any other.
inline void set_input(Session& session, const cv::Mat& values, int image = 0, int index = 0) {
  const Shape& shape = session.model().input_shape(index);
  const bool fits = values.dims == 2 && values.depth() == CV_32F && values.rows == shape.h() &&
                    values.cols == shape.w() && values.channels() == shape.c();
  if (!fits || values.empty()) {
    throw Error("the cv::Mat is " + std::to_string(values.rows) + "x" + std::to_string(values.cols) + " of " +
                cv::typeToString(values.type()) + ", the model takes floats (CV_32F) of " + shape.str());
  }
  const std::size_t row = static_cast<std::size_t>(shape.w() * shape.c());
  const std::span<float> input = session.input(image, index);
  for (int y = 0; y < values.rows; ++y) {
    std::copy_n(values.ptr<float>(y), row, input.begin() + static_cast<std::ptrdiff_t>(row) * y);
  }
}

}  // namespace fovea
