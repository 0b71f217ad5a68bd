// The Gaussian contrast, byte by byte against OpenCV's portable GaussianBlur and addWeighted: taps, sizes, sigmas,
// weights, real photographs. FOVEA_FULL=1 sweeps densely.
#include <numeric>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>

#include "pictures/prepare/gaussian_taps.h"
#include "tests/pictures/best_table.h"
#include "tests/pictures/files.h"
#include "tests/support/random.h"

namespace fovea::image_test {
namespace {

using test::full_sweep;

/// Without OpenCV's instruction sets beyond the first, which round addWeighted otherwise.
class GaussianContrastTest : public testing::Test {
 protected:
  GaussianContrastTest() : optimized_(cv::useOptimized()) { cv::setUseOptimized(false); }
  ~GaussianContrastTest() override { cv::setUseOptimized(optimized_); }
  test::Random random_;

 private:
  bool optimized_;
};

/// Works on the picture's own bytes: with other weights than whole ones the order of channels matters at its end.
Image oracle(const GaussianContrast& step, Image image) {
  const cv::Mat in(image.height, image.width, CV_8UC3, image.pixels.data());
  cv::Mat blurred, out;
  cv::GaussianBlur(in, blurred, cv::Size(0, 0), step.sigma);
  cv::addWeighted(in, step.weight, blurred, step.blur_weight, step.offset, out);
  std::copy_n(out.data, image.pixels.size(), image.pixels.begin());
  return image;
}

std::string compare(const GaussianContrast& step, const Image& image) {
  const Bytes got = gaussian_contrast(step, image).pixels, want = oracle(step, image).pixels;
  if (got.size() != want.size()) return "another size";
  const auto at = std::mismatch(got.begin(), got.end(), want.begin());
  if (at.first == got.end()) return "";
  return "byte " + std::to_string(at.first - got.begin()) + " is " + std::to_string(*at.first) + ", OpenCV has " +
         std::to_string(*at.second);
}

/// The taps as they show in a column of 255 on black: every tap t up to 255 becomes round(t * 255 / 256), which is t,
/// or t - 1 from 129 on.
std::vector<int> opencv_taps(double sigma) {
  const int half = static_cast<int>(3 * sigma) + 3;
  cv::Mat column = cv::Mat::zeros(2 * half + 1, 1, CV_8U), blurred;
  column.at<std::uint8_t>(half, 0) = 255;
  cv::GaussianBlur(column, blurred, cv::Size(0, 0), sigma);
  std::vector<int> taps(blurred.begin<std::uint8_t>(), blurred.end<std::uint8_t>());
  taps[static_cast<std::size_t>(half)] = 256 - std::accumulate(taps.begin(), taps.end(), 0) + taps[std::size_t(half)];
  const auto first = std::find_if(taps.begin(), taps.end(), [](int t) { return t != 0; });
  const auto edge = first - taps.begin();
  return {first, taps.end() - edge};
}

TEST_F(GaussianContrastTest, GoldenTaps) {
  EXPECT_EQ(gaussian_taps(1e-9), (std::vector<int>{256}));
  EXPECT_EQ(gaussian_taps(0.5), (std::vector<int>{27, 202, 27}));
  EXPECT_EQ(gaussian_taps(0.8), (std::vector<int>{6, 58, 128, 58, 6}));
  EXPECT_EQ(gaussian_taps(1.5), (std::vector<int>{2, 9, 28, 55, 68, 55, 28, 9, 2}));
  EXPECT_EQ(gaussian_taps(5), (std::vector<int>{1,  0,  1,  2,  3,  4,  6, 7, 10, 13, 15, 17, 19, 20, 20,
                                                20, 19, 17, 15, 13, 10, 7, 6, 4,  3,  2,  1,  0,  1}));
  const std::vector<int> ten = {1, 0, 1, 0, 1, 1, 1, 1, 2, 2,  2,  3,  4,  3,
                                5, 5, 5, 7, 6, 8, 8, 8, 9, 10, 10, 10, 10, 10};
  std::vector<int> taps = gaussian_taps(10);
  ASSERT_EQ(taps.size(), 55u);
  EXPECT_EQ(std::vector<int>(taps.begin(), taps.begin() + 28), ten);
  EXPECT_EQ(gaussian_taps(40).size(), 219u);
}

TEST_F(GaussianContrastTest, TapsAreOpenCvs) {
  const int steps = full_sweep() ? 59500 : 1190;  // sigma 0.5 to 60
  for (int i = 0; i <= steps; ++i) {
    const double sigma = 0.5 + 59.5 * i / steps;
    const std::vector<int> taps = gaussian_taps(sigma);
    ASSERT_EQ(taps, opencv_taps(sigma)) << "sigma " << sigma;
    ASSERT_EQ(std::accumulate(taps.begin(), taps.end(), 0), 256);
    ASSERT_TRUE(std::equal(taps.begin(), taps.end(), taps.rbegin()));
  }
  EXPECT_EQ(gaussian_taps(500), opencv_taps(500));
  EXPECT_NE(gaussian_taps(40), opencv_taps(40.5)) << "the comparison sees another sigma";
}

TEST_F(GaussianContrastTest, AnySizeAnySigma) {
  for (int i = 0; i < (full_sweep() ? 20000 : 400); ++i) {
    const int longest = i % 40 == 0 ? 1100 : 70;
    const Image image = to_image(noise(random_.integer(1, longest), random_.integer(1, i % 40 == 0 ? 200 : 70), CV_8UC3,
                                       static_cast<unsigned>(i)));
    const double sigma = i % 3 == 0 ? random_.real(0.5f, 4) : random_.real(0.5f, 60);
    ASSERT_EQ(compare({sigma, 4, -4, 128}, image), "") << image.width << "x" << image.height << " sigma " << sigma;
  }
}

TEST_F(GaussianContrastTest, OnePixelAndLines) {
  for (const cv::Size& line : {cv::Size(1, 1), cv::Size(2, 1), cv::Size(1, 2), cv::Size(5000, 1), cv::Size(1, 4000)}) {
    for (const double sigma : {0.5, 3.0, 40.0, 60.0, 500.0}) {
      EXPECT_EQ(compare({sigma, 4, -4, 128}, to_image(noise(line.width, line.height))), "") << line << " " << sigma;
    }
  }
}

TEST_F(GaussianContrastTest, TheLargestPicture) {
  if (!full_sweep()) GTEST_SKIP() << "OpenCV takes a minute: FOVEA_FULL=1 runs it";
  for (const double sigma : {0.5, 8.0, 40.0, 60.0}) {
    EXPECT_EQ(compare({sigma, 4, -4, 128}, to_image(noise(5000, 4000))), "") << sigma;
  }
}

TEST_F(GaussianContrastTest, AnyWeights) {
  for (int i = 0; i < (full_sweep() ? 5000 : 300); ++i) {
    const Image image = to_image(noise(random_.integer(1, 90), random_.integer(1, 90), CV_8UC3, unsigned(i)));
    const GaussianContrast step{random_.real(0.5f, 9), random_.real(-5, 5), random_.real(-5, 5),
                                random_.real(-200, 200)};
    ASSERT_EQ(compare(step, image), "") << image.width << "x" << image.height << " weights " << step.weight << " "
                                        << step.blur_weight << " " << step.offset;
  }
}

// OpenCV adds in another order in what is left of eight bytes at a picture's end. Weights for which that shows at a
// grey value are looked for; a flat picture of it then has both results.
TEST_F(GaussianContrastTest, LastBytesOfAPicture) {
  int found = 0;
  for (int attempt = 0; attempt < 100000 && found < 20; ++attempt) {
    const float a = random_.real(-5, 5), b = random_.real(-5, 5);
    const int grey = random_.integer(0, 255);
    const volatile float p = static_cast<float>(grey) * a, q = static_cast<float>(grey) * b, pq = p + q;
    const float half = static_cast<float>(random_.integer(0, 254)) + 0.5f,
                c = half - pq;  // about half: any error shows
    const volatile float qc = q + c;
    const volatile float one = p + qc, other = pq + c;
    if (std::nearbyint(one) == std::nearbyint(other) || one < 0 || one > 255) continue;
    ++found;
    for (const cv::Size& flat : {cv::Size(1, 1), cv::Size(1, 5), cv::Size(2, 3), cv::Size(5, 1), cv::Size(7, 31)}) {
      const Image image = to_image(cv::Mat(flat, CV_8UC3, cv::Scalar::all(grey)));
      const GaussianContrast step{2, a, b, c};
      EXPECT_EQ(compare(step, image), "") << flat << " " << a << " " << b << " " << c;
      const Bytes result = gaussian_contrast(step, image).pixels;
      if (flat == cv::Size(5, 1)) {
        EXPECT_NE(result.front(), result.back());
      }
    }
  }
  EXPECT_GE(found, 1) << "no weights were found that tell the orders apart";
}

TEST_F(GaussianContrastTest, EveryInstructionSetTheSameBytes) {
  const Image image = to_image(disc(700, 333));
  const Bytes want = oracle({40, 4, -4, 128}, image).pixels;
  for (const KernelTable* table : usable_tables()) {
    EXPECT_EQ(fovea::gaussian_contrast({40, 4, -4, 128}, image, *table).pixels, want) << isa_name(table->isa);
  }
}

TEST_F(GaussianContrastTest, RealPhotographs) {
  const std::vector<std::string> paths = photographs();
  if (paths.empty()) GTEST_SKIP() << "no photographs in " << shared_data();
  int large = 0;
  for (const std::string& path : paths) {
    const Image image = read_image(path);
    if (image.pixels.size() > 3000000 && ++large > 1 && !full_sweep()) continue;  // OpenCV takes seconds
    for (const double sigma : {10.0, 40.0}) EXPECT_EQ(compare({sigma, 4, -4, 128}, image), "") << path << " " << sigma;
  }
}

}  // namespace
}  // namespace fovea::image_test
