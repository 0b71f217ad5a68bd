// The steps of a card, byte by byte against the OpenCV calls of the notebooks, and how they are put together.
#include <opencv2/imgcodecs.hpp>

#include "tests/pictures/best_table.h"
#include "tests/pictures/files.h"

namespace fovea::image_test {
namespace {

const std::vector<cv::Size> kSizes = {{1, 1}, {1, 7}, {9, 1}, {2, 3}, {16, 16}, {33, 17}, {64, 48}};

// The oracles work on OpenCV's own BGR pictures, fovea on RGB ones.

cv::Mat contrast_oracle(const cv::Mat& bgr, const GaussianContrast& step) {
  cv::Mat blurred, result;
  cv::GaussianBlur(bgr, blurred, cv::Size(0, 0), step.sigma);
  cv::addWeighted(bgr, step.weight, blurred, step.blur_weight, step.offset, result);
  return result;
}

cv::Mat resize_oracle(const cv::Mat& bgr, int width, int height, int code) {
  cv::Mat result;
  cv::resize(bgr, result, cv::Size(width, height), 0, 0, code);
  return result;
}

/// numpy's img[np.ix_(mask.any(1), mask.any(0))].
cv::Mat crop_oracle(const cv::Mat& bgr, int tolerance) {
  cv::Mat grey;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  const cv::Mat mask = grey > tolerance;
  if (cv::countNonZero(mask) == 0) return bgr;
  cv::Mat rows, result;
  for (int y = 0; y < bgr.rows; ++y) {
    if (cv::countNonZero(mask.row(y)) > 0) rows.push_back(bgr.row(y));
  }
  const cv::Mat columns_first = rows.t();
  for (int x = 0; x < bgr.cols; ++x) {
    if (cv::countNonZero(mask.col(x)) > 0) result.push_back(columns_first.row(x));
  }
  return result.t();
}

cv::Mat circle_oracle(const cv::Mat& bgr) {
  const int x = bgr.cols / 2, y = bgr.rows / 2;
  cv::Mat mask = cv::Mat::zeros(bgr.rows, bgr.cols, CV_8U), result;
  cv::circle(mask, cv::Point(x, y), std::min(x, y), 1, -1);
  cv::bitwise_and(bgr, bgr, result, mask);
  return result;
}

TEST(ImageSteps, GaussianContrast) {
  for (const cv::Size& size : kSizes) {
    for (const cv::Mat& picture : {noise(size.width, size.height), disc(size.width, size.height)}) {
      for (const double sigma : {1e-9, 0.3, 0.8, 1.5, 10.0, 40.0, 500.0}) {
        if (sigma > 100 && size.area() > 50) continue;  // 3001 taps a pixel and direction
        const GaussianContrast step{sigma, 4, -4, 128};
        EXPECT_EQ(difference(gaussian_contrast(step, to_image(picture)), contrast_oracle(picture, step)), "")
            << size << " sigma " << sigma;
      }
    }
  }
}

// Each step runs the kernels of the table that it was given: without those it cannot do its work.
TEST(ImageSteps, RunTheKernelsTheyAreGiven) {
  const Image image = to_image(noise(97, 61));
  const auto all_of = [&](const KernelTable& table) {
    std::vector<Image> results = {fovea::gaussian_contrast({2, 4, -4, 128}, image, table)};
    for (const Interpolation kind : {Interpolation::cubic, Interpolation::linear, Interpolation::area}) {
      results.push_back(fovea::resize({31, 23, kind}, image, table));
      results.push_back(fovea::resized_contrast({2, 4, -4, 128}, {31, 23, kind}, image, table));
    }
    return results;
  };
  KernelTable idle = best_table();
  idle.gaussian.across_u16 = [](const GaussianAcrossArgs&) noexcept {};
  idle.resize.cubic_down_f32 = [](const float* const*, const float*, int, std::uint8_t*) noexcept {};
  idle.resize.linear_down_s16 = [](const std::int16_t* const*, const std::int16_t*, int, std::uint8_t*) noexcept {};
  idle.resize.round_f32_u8 = [](const float*, int, std::uint8_t*) noexcept {};
  const std::vector<Image> done = all_of(best_table()), idled = all_of(idle);
  for (std::size_t i = 0; i < done.size(); ++i) EXPECT_NE(done[i].pixels, idled[i].pixels) << i;
}

TEST(ImageSteps, GaussianContrastWeights) {
  const cv::Mat picture = noise(64, 48);
  for (const GaussianContrast& step :
       {GaussianContrast{5, 1, 0, 0}, GaussianContrast{5, 0, 1, 0}, GaussianContrast{5, 2.5, -1.75, 64.5},
        GaussianContrast{5, 1e6, -1e6, -1e6}, GaussianContrast{5, -3, 3, 255}}) {
    EXPECT_EQ(difference(gaussian_contrast(step, to_image(picture)), contrast_oracle(picture, step)), "");
  }
  EXPECT_NE(
      difference(gaussian_contrast({5, 4, -4, 128}, to_image(picture)), contrast_oracle(picture, {5, 4, -4, 127})), "");
}

TEST(ImageSteps, Resize) {
  const std::vector<std::pair<Interpolation, int>> kinds = {{Interpolation::nearest, cv::INTER_NEAREST},
                                                            {Interpolation::linear, cv::INTER_LINEAR},
                                                            {Interpolation::cubic, cv::INTER_CUBIC},
                                                            {Interpolation::area, cv::INTER_AREA}};
  for (const auto& [interpolation, code] : kinds) {
    for (const cv::Size& from : kSizes) {
      const cv::Mat picture = noise(from.width, from.height);
      for (const cv::Size& to : kSizes) {
        const Resize step{to.width, to.height, interpolation};
        EXPECT_EQ(difference(resize(step, to_image(picture)), resize_oracle(picture, to.width, to.height, code)), "")
            << interpolation_name(interpolation) << " " << from << " to " << to;
      }
    }
  }
}

// OpenCV's cubic resize rounds the last few bytes of a row otherwise than the rest, in a few of a million: resized as
// RGB, nine of these bytes would differ from those of the BGR picture that imread gives.
TEST(ImageSteps, CubicToTheLastBytesOfARow) {
  for (const int width : {3, 4}) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
      const cv::Mat picture = noise(8, 9000, CV_8UC3, seed);
      EXPECT_EQ(difference(resize({width, 16000, Interpolation::cubic}, to_image(picture)),
                           resize_oracle(picture, width, 16000, cv::INTER_CUBIC)),
                "")
          << width << " seed " << seed;
    }
  }
}

TEST(ImageSteps, CropGrey) {
  for (const cv::Size& size : kSizes) {
    for (const int tolerance : {0, 7, 30, 100, 254, 255}) {
      for (const cv::Mat& picture : {noise(size.width, size.height), disc(size.width, size.height)}) {
        EXPECT_EQ(difference(crop_grey({tolerance}, to_image(picture)), crop_oracle(picture, tolerance)), "")
            << size << " tolerance " << tolerance;
      }
    }
  }
}

TEST(ImageSteps, CropGreyDropsDarkRowsAndColumnsInsideToo) {
  cv::Mat picture(5, 6, CV_8UC3, cv::Scalar::all(100));
  picture.row(2) = cv::Scalar::all(7);
  picture.col(0) = cv::Scalar::all(7);
  picture.col(3) = cv::Scalar::all(0);
  const Image cropped = crop_grey({7}, to_image(picture));
  EXPECT_EQ(cropped.width, 4);
  EXPECT_EQ(cropped.height, 4);
  EXPECT_EQ(cropped.pixels, Bytes(4 * 4 * 3, 100));
  const cv::Mat dark(5, 6, CV_8UC3, cv::Scalar::all(7));
  EXPECT_EQ(difference(crop_grey({7}, to_image(dark)), dark), "") << "nothing to keep: unchanged";
}

TEST(ImageSteps, CropCircle) {
  for (const cv::Size& size : kSizes) {
    const cv::Mat picture = noise(size.width, size.height);
    EXPECT_EQ(difference(crop_circle(to_image(picture)), circle_oracle(picture)), "") << size;
  }
  const Image black = crop_circle(to_image(noise(64, 48)));
  EXPECT_EQ(Bytes(black.pixels.begin(), black.pixels.begin() + 3), Bytes(3, 0)) << "a corner is outside";
}

/// The presets as the notebooks spell them.
cv::Mat preset_oracle(const std::string& name, const cv::Mat& bgr, int width, int height) {
  if (name == "gaussian-700") return resize_oracle(contrast_oracle(bgr, {40, 4, -4, 128}), 700, 700, cv::INTER_CUBIC);
  if (name == "ben-graham-320") {
    return contrast_oracle(resize_oracle(crop_oracle(bgr, 7), 320, 320, cv::INTER_LINEAR), {10, 4, -4, 128});
  }
  if (name.starts_with("imagenet-") || name.starts_with("resize-"))
    return resize_oracle(bgr, width, height, cv::INTER_LINEAR);
  return bgr;
}

std::string preset_against_oracle(const std::string& name, const cv::Mat& bgr) {
  cv::Size network(224, 200);
  if (name == "gaussian-700") network = {700, 700};
  if (name == "ben-graham-320") network = {320, 320};
  if (name == "rescale-700" || name == "none") network = bgr.size();
  const Preprocessing preprocessing = preset_card(name).preprocessing;
  return difference(apply_steps(to_image(bgr), preprocessing, network.width, network.height),
                    preset_oracle(name, bgr, network.width, network.height));
}

TEST(ImageSteps, EveryPreset) {
  for (const std::string& name : preset_names()) {
    for (const cv::Mat& picture : {noise(1, 1), disc(300, 200), noise(90, 120), cv::Mat(disc(300, 200) * 0.01)}) {
      EXPECT_EQ(preset_against_oracle(name, picture), "") << name << " " << picture.size();
    }
  }
}

TEST(ImageSteps, EveryPresetOnRealPhotographs) {
  const std::vector<std::string> paths = photographs();
  if (paths.empty()) GTEST_SKIP() << "no photographs in " << shared_data();
  for (std::size_t i = 0; i < paths.size(); i += 4) {  // the blur takes its time; image_oracle_test has them all
    const std::string& path = paths[i];
    const cv::Mat picture = cv::imread(path, cv::IMREAD_COLOR);
    if (picture.total() > 1100000) continue;
    for (const std::string& name : preset_names()) EXPECT_EQ(preset_against_oracle(name, picture), "") << name << path;
  }
}

TEST(ImageSteps, OrderIsTheCards) {
  const cv::Mat picture = disc(120, 90);
  Preprocessing preprocessing;
  preprocessing.steps = {CropGrey{7}, CropCircle{}, Resize{50, 40, Interpolation::area},
                         GaussianContrast{3, 4, -4, 128}};
  const cv::Mat oracle =
      contrast_oracle(resize_oracle(circle_oracle(crop_oracle(picture, 7)), 50, 40, cv::INTER_AREA), {3, 4, -4, 128});
  EXPECT_EQ(difference(apply_steps(to_image(picture), preprocessing, 50, 40), oracle), "");
  std::swap(preprocessing.steps[2], preprocessing.steps[3]);
  EXPECT_NE(difference(apply_steps(to_image(picture), preprocessing, 50, 40), oracle), "");
}

TEST(ImageSteps, AnotherSizeThanTheNetworksIsAnError) {
  const Image picture = to_image(noise(24, 17));
  for (const char* name : {"none", "rescale-700"}) {
    EXPECT_EQ(error_of([&] { apply_steps(picture, preset_card(name).preprocessing, 700, 700); }),
              "the picture is 24x17 after preprocessing, the network takes 700x700");
  }
  EXPECT_EQ(error_of([&] { apply_steps(picture, preset_card("gaussian-700").preprocessing, 224, 224); }),
            "the picture is 700x700 after preprocessing, the network takes 224x224");
  EXPECT_EQ(error_of([&] { apply_steps(Image{}, preset_card("none").preprocessing, 1, 1); }),
            "the picture has no pixels");
}

}  // namespace
}  // namespace fovea::image_test
