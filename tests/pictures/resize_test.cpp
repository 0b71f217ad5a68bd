// Own resize and crops, byte by byte against OpenCV's: every interpolation, sizes from 1 x 1 on, enlarged and reduced,
// whole and odd ratios, on every instruction set. FOVEA_FULL=1 sweeps densely, up to 5000 x 4000.
#include <opencv2/core/utility.hpp>

#include "pictures/prepare/make_image.h"
#include "tests/pictures/best_table.h"
#include "tests/pictures/files.h"
#include "tests/support/random.h"

namespace fovea::image_test {
namespace {

using test::full_sweep;

const std::vector<std::pair<Interpolation, int>> kKinds = {{Interpolation::nearest, cv::INTER_NEAREST},
                                                           {Interpolation::linear, cv::INTER_LINEAR},
                                                           {Interpolation::cubic, cv::INTER_CUBIC},
                                                           {Interpolation::area, cv::INTER_AREA}};

class ImageResize : public testing::Test {
 protected:
  ImageResize() : optimized_(cv::useOptimized()) { cv::setUseOptimized(false); }
  ~ImageResize() override { cv::setUseOptimized(optimized_); }

  cv::Size side(int longest) { return {random_.integer(1, longest), random_.integer(1, longest)}; }
  unsigned seed() { return static_cast<unsigned>(random_.integer(0, 1 << 30)); }

  test::Random random_;

 private:
  bool optimized_;
};

/// All interpolations of `picture`; "" if each is OpenCV's.
std::string compare(const cv::Mat& bgr, const cv::Size& to, const KernelTable& kernels = best_table()) {
  const Image image = to_image(bgr);
  for (const auto& [interpolation, code] : kKinds) {
    cv::Mat want;
    cv::resize(bgr, want, to, 0, 0, code);
    const std::string text = difference(fovea::resize({to.width, to.height, interpolation}, image, kernels), want);
    if (text.empty()) continue;
    std::ostringstream out;
    out << interpolation_name(interpolation) << " " << bgr.size() << " to " << to << ": " << text;
    return out.str();
  }
  return "";
}

/// Black and white pixels: the largest sums.
cv::Mat extremes(const cv::Size& size, unsigned seed) {
  cv::Mat mat = noise(size.width, size.height, CV_8UC3, seed);
  cv::threshold(mat, mat, 127, 255, cv::THRESH_BINARY);
  return mat;
}

TEST_F(ImageResize, SmallSizesToEachOther) {
  const int longest = full_sweep() ? 20 : 9;
  for (int w = 1; w <= longest; ++w) {
    for (int h = 1; h <= 5; ++h) {
      const cv::Mat picture = noise(w, h, CV_8UC3, seed());
      for (int to_w = 1; to_w <= 2 * longest; ++to_w) {
        for (const int to_h : {1, 2, 3, 4, 5, 7, 10}) ASSERT_EQ(compare(picture, {to_w, to_h}), "");
      }
    }
  }
}

TEST_F(ImageResize, RandomSizes) {
  for (int i = 0; i < (full_sweep() ? 20000 : 600); ++i) {
    const cv::Size from = side(i % 10 == 0 ? 600 : 80), to = side(i % 7 == 0 ? 500 : 90);
    ASSERT_EQ(compare(i % 2 == 0 ? noise(from.width, from.height, CV_8UC3, seed()) : extremes(from, seed()), to), "");
  }
}

TEST_F(ImageResize, WholeRatios) {
  for (int i = 0; i < (full_sweep() ? 5000 : 300); ++i) {
    const cv::Size small = side(40);
    const int across = random_.integer(1, 9), down = i % 2 == 0 ? across : random_.integer(1, 9);
    const cv::Size large(small.width * across, small.height * down);
    ASSERT_EQ(compare(noise(large.width, large.height, CV_8UC3, seed()), small), "");
    ASSERT_EQ(compare(noise(small.width, small.height, CV_8UC3, seed()), large), "");
  }
}

// One direction enlarged, the other reduced or kept.
TEST_F(ImageResize, OneDirection) {
  for (int i = 0; i < (full_sweep() ? 3000 : 200); ++i) {
    const cv::Size from = side(100);
    const cv::Mat picture = noise(from.width, from.height, CV_8UC3, seed());
    ASSERT_EQ(compare(picture, {from.width, random_.integer(1, 200)}), "");
    ASSERT_EQ(compare(picture, {random_.integer(1, 200), from.height}), "");
    ASSERT_EQ(compare(picture, {from.width * 2, (from.height + 1) / 2}), "");
  }
}

TEST_F(ImageResize, LargePictures) {
  std::vector<std::pair<cv::Size, cv::Size>> cases = {{{3000, 2000}, {700, 700}}, {{1400, 1400}, {700, 700}}};
  if (full_sweep()) {
    for (const cv::Size& to : {cv::Size(1, 1), cv::Size(10, 10), cv::Size(224, 224), cv::Size(700, 700),
                               cv::Size(2500, 2000), cv::Size(4999, 3999), cv::Size(5000, 4000)}) {
      cases.emplace_back(cv::Size(5000, 4000), to);
      cases.emplace_back(to, cv::Size(5000, 4000));
    }
    for (int i = 0; i < 60; ++i) {
      cases.emplace_back(cv::Size(random_.integer(1000, 5000), random_.integer(1000, 4000)), side(1500));
    }
  }
  for (const auto& [from, to] : cases) {
    ASSERT_EQ(compare(noise(from.width, from.height, CV_8UC3, seed()), to), "");
    ASSERT_EQ(compare(cv::Mat(from, CV_8UC3, cv::Scalar::all(255)), to), "");
  }
}

TEST_F(ImageResize, EveryInstructionSet) {
  for (const KernelTable* table : usable_tables()) {
    for (int i = 0; i < (full_sweep() ? 3000 : 150); ++i) {
      const cv::Size from = side(120), to = side(120);
      ASSERT_EQ(compare(noise(from.width, from.height, CV_8UC3, seed()), to, *table), "") << isa_name(table->isa);
    }
    ASSERT_EQ(compare(noise(933, 622, CV_8UC3, seed()), {311, 311}, *table), "") << isa_name(table->isa);
  }
}

TEST_F(ImageResize, TheComparisonSeesOneLevel) {
  const cv::Mat picture = noise(40, 30);
  cv::Mat other = picture.clone();
  other.at<cv::Vec3b>(15, 20)[1] ^= 1;
  cv::Mat want;
  cv::resize(other, want, {40, 30}, 0, 0, cv::INTER_CUBIC);
  EXPECT_NE(difference(resize({40, 30, Interpolation::cubic}, to_image(picture)), want), "");
}

// The contrast computed only where the resize reads it: the same bytes as the two steps one after the other.
TEST_F(ImageResize, ContrastForTheResizeOnly) {
  for (int i = 0; i < (full_sweep() ? 5000 : 250); ++i) {
    const cv::Size from = i % 5 == 0 ? cv::Size(random_.integer(1, 4), random_.integer(1, 700)) : side(400);
    const cv::Size to = i % 2 == 0 ? side(400) : side(40);
    const Image image = to_image(noise(from.width, from.height, CV_8UC3, seed()));
    const GaussianContrast contrast{random_.real(0.5f, i % 3 == 0 ? 60 : 4), i % 4 == 0 ? random_.real(-5, 5) : 4.0,
                                    i % 4 == 0 ? random_.real(-5, 5) : -4.0, 128.25};
    for (const auto& kind : kKinds) {
      const Resize step{to.width, to.height, kind.first};
      ASSERT_EQ(resized_contrast(contrast, step, image).pixels, resize(step, gaussian_contrast(contrast, image)).pixels)
          << interpolation_name(kind.first) << " " << from << " to " << to << " sigma " << contrast.sigma;
    }
  }
}

// Every radius that a picture can have, on pictures a little larger than the circle in either direction.
TEST_F(ImageResize, CirclesOfAllSizes) {
  const int largest = full_sweep() ? 2500 : 260;
  for (int radius = 0; radius <= largest; ++radius) {
    for (const cv::Size& more : {cv::Size(0, 0), cv::Size(1, 1), cv::Size(0, 5), cv::Size(6, 1)}) {
      if (radius > 300 && more.width != 1) continue;
      const cv::Size size(2 * radius + more.width, 2 * radius + more.height);
      if (size.empty()) continue;
      cv::Mat want = cv::Mat::zeros(size, CV_8UC3);
      cv::circle(want, {size.width / 2, size.height / 2}, std::min(size.width / 2, size.height / 2),
                 cv::Scalar::all(200), cv::FILLED);
      ASSERT_EQ(difference(crop_circle(to_image(cv::Mat(size, CV_8UC3, cv::Scalar::all(200)))), want), "") << size;
    }
  }
}

// A picture of one colour is cropped or kept whole: its grey value decides.
TEST_F(ImageResize, GreyOfEveryColour) {
  const int step = full_sweep() ? 1 : 5;
  for (int red = 0; red < 256; red += step) {
    cv::Mat colours(256, 256, CV_8UC3), grey;
    for (int y = 0; y < 256; ++y) {
      for (int x = 0; x < 256; ++x) {
        colours.at<cv::Vec3b>(y, x) = cv::Vec3b(cv::saturate_cast<std::uint8_t>(x), cv::saturate_cast<std::uint8_t>(y),
                                                cv::saturate_cast<std::uint8_t>(red));
      }
    }
    cv::cvtColor(colours, grey, cv::COLOR_BGR2GRAY);
    for (int y = 0; y < 256; y += 3) {
      // Of a line of pixels those stay that are brighter than the tolerance.
      const int tolerance = grey.at<std::uint8_t>(y, (7 * y + red) % 256);
      const cv::Mat line = colours.row(y);
      const int brighter = cv::countNonZero(grey.row(y) > tolerance);
      const Image cropped = crop_grey({tolerance}, to_image(line));
      ASSERT_EQ(cropped.width, brighter == 0 ? 256 : brighter) << red << " " << y;
    }
  }
}

}  // namespace
}  // namespace fovea::image_test
