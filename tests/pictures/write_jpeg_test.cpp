// A JPEG that is written is OpenCV's, byte for byte.
#include <opencv2/imgcodecs.hpp>

#include "pictures/prepare/make_image.h"
#include "tests/pictures/files.h"

namespace fovea::image_test {
namespace {

TEST(WriteJpeg, IsWhatImencodeMakes) {
  for (const cv::Size size : {cv::Size{1, 1}, {1, 9}, {8, 8}, {17, 16}, {240, 163}}) {
    for (const int quality : {1, 50, 85, 100}) {
      const cv::Mat bgr = noise(size.width, size.height);
      Bytes want;
      cv::imencode(".jpg", bgr, want, {cv::IMWRITE_JPEG_QUALITY, quality});
      const std::string jpeg = encode_jpeg(to_image(bgr), quality);
      EXPECT_EQ(Bytes(jpeg.begin(), jpeg.end()), want) << size << " " << quality;
    }
  }
}

TEST(WriteJpeg, RefusesWhatIsNoPictureOrTooLarge) {
  EXPECT_THROW(encode_jpeg(Image(), 85), Error);
  EXPECT_THROW(encode_jpeg(make_image(70000, 1), 85), Error);  // its sides have 16 bits
}

}  // namespace
}  // namespace fovea::image_test
