// TIFF and BMP by OpenCV, after their headers have been looked at.
#include <climits>
#include <mutex>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "loaders/image/decoders.h"
#include "loaders/image/make_image.h"
#include "loaders/image/opencv_view.h"
#include "loaders/image/tiff_directory.h"

namespace fovea {
namespace {

/// Errors are reported by exceptions; OpenCV's log would say them a second time on the console.
void silence_log() {
  static std::once_flag once;
  std::call_once(once, [] { cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT); });
}

Image decode_opencv(const EncodedImage& file, const char* format) {
  silence_log();
  const std::string damaged = std::string("damaged or unsupported ") + format;
  if (file.size > INT_MAX) throw Error(std::string(format) + " is larger than 2 GiB");
  try {
    const cv::Mat bytes(1, static_cast<int>(file.size), CV_8U, const_cast<std::uint8_t*>(file.data));
    const cv::Mat bgr = cv::imdecode(bytes, cv::IMREAD_COLOR);
    if (bgr.empty() || bgr.type() != CV_8UC3) throw Error(damaged);
    Image image = make_image(bgr.cols, bgr.rows);
    cv::Mat rgb = view(image);
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    return image;
  } catch (const cv::Exception& e) {
    throw Error(damaged + ": " + e.err);
  }
}

std::int64_t little_endian(const std::uint8_t* data, int bytes) {
  std::uint32_t value = 0;
  for (int i = bytes; i-- > 0;) value = value << 8 | data[i];
  return bytes == 4 ? static_cast<std::int32_t>(value) : static_cast<std::int64_t>(value);
}

}  // namespace

Image decode_tiff(const EncodedImage& file) {
  const auto width = read_tiff_tag(file.data, file.size, kTiffWidth);
  const auto height = read_tiff_tag(file.data, file.size, kTiffHeight);
  if (!width || !height) throw Error("damaged TIFF: no width and height in its first directory");
  check_pixels(*width, *height, file.max_pixels);
  return decode_opencv(file, "TIFF");
}

Image decode_bmp(const EncodedImage& file) {
  if (file.size < 26) throw Error("damaged BMP: header is cut off");
  // OS/2's old header of 12 bytes has 16-bit sides; a negative height means rows from top to bottom.
  const bool old = little_endian(file.data + 14, 4) == 12;
  const std::int64_t width = old ? little_endian(file.data + 18, 2) : little_endian(file.data + 18, 4);
  const std::int64_t height = old ? little_endian(file.data + 20, 2) : little_endian(file.data + 22, 4);
  check_pixels(width, height < 0 ? -height : height, file.max_pixels);
  return decode_opencv(file, "BMP");
}

}  // namespace fovea
