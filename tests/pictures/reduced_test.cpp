// --fast-decode's pictures are those that imread gives with its IMREAD_REDUCED flags, and no smaller than the card
// needs.
#include "pictures/decode/reduced.h"

#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "tests/pictures/files.h"
#include "tests/pictures/writers.h"

namespace fovea::image_test {
namespace {

Preprocessing steps(std::vector<ImageStep> list) {
  Preprocessing preprocessing;
  preprocessing.steps = std::move(list);
  return preprocessing;
}

int imread_flag(int divisor) {
  switch (divisor) {
    case 2:
      return cv::IMREAD_REDUCED_COLOR_2;
    case 4:
      return cv::IMREAD_REDUCED_COLOR_4;
    case 8:
      return cv::IMREAD_REDUCED_COLOR_8;
    default:
      return cv::IMREAD_COLOR;
  }
}

struct Case {
  int width, height;  // of the network's input
  int divisor;        // that a picture of 203 x 150 allows
};

TEST(ImageReduced, AsImreadReduces) {
  const Scratch scratch;
  const std::string path = scratch.write("reduced.jpg", encode(".jpg", noise(203, 150)));
  for (const Case& c : {Case{102, 75, 1}, Case{101, 76, 1}, Case{101, 75, 2}, Case{50, 37, 4}, Case{25, 19, 4},
                        Case{25, 18, 8}, Case{1, 1, 8}}) {
    const DecodedImage reduced = read_reduced_image(path, steps({Resize{}}), c.width, c.height);
    EXPECT_EQ(reduced.divisor, c.divisor) << c.width << "x" << c.height;
    EXPECT_EQ(difference(reduced.image, cv::imread(path, imread_flag(c.divisor))), "") << c.width << "x" << c.height;
  }
}

TEST(ImageReduced, TurnedPicturesAreMeasuredAsTheyAreSeen) {
  const Scratch scratch;
  const Bytes jpeg = encode(".jpg", noise(203, 150));
  const std::string path = scratch.write("turned.jpg", with_app1(jpeg, kExifHeader, exif(6, false)));
  const DecodedImage reduced = read_reduced_image(path, steps({Resize{}}), 75, 101);
  EXPECT_EQ(reduced.divisor, 2);
  EXPECT_EQ(difference(reduced.image, cv::imread(path, cv::IMREAD_REDUCED_COLOR_2)), "");
  EXPECT_EQ(read_reduced_image(path, steps({Resize{}}), 101, 75).divisor, 1);
}

TEST(ImageReduced, TheCardDecides) {
  const Scratch scratch;
  const std::string path = scratch.write("card.jpg", encode(".jpg", noise(203, 150)));
  const auto divisor = [&](std::vector<ImageStep> list) {
    return read_reduced_image(path, steps(std::move(list)), 10, 10).divisor;
  };
  EXPECT_EQ(divisor({}), 1) << "nothing makes it smaller";
  EXPECT_EQ(divisor({GaussianContrast{}}), 1);
  EXPECT_EQ(divisor({GaussianContrast{}, Resize{}}), 8);
  EXPECT_EQ(divisor({GaussianContrast{7.9}, Resize{}}), 4) << "a blur below one pixel";
  EXPECT_EQ(divisor({Resize{}, GaussianContrast{1}}), 8) << "what follows the resize has the size it always had";
  EXPECT_EQ(divisor({Resize{100, 70}, Resize{}}), 2) << "the first one counts";
}

TEST(ImageReduced, OtherFormatsAreNotReduced) {
  const Scratch scratch;
  const std::string path = scratch.write("reduced.png", encode(".png", noise(203, 150)));
  const DecodedImage whole = read_reduced_image(path, steps({Resize{}}), 10, 10);
  EXPECT_EQ(whole.divisor, 1);
  EXPECT_EQ(difference(whole.image, cv::imread(path, cv::IMREAD_COLOR)), "");
}

TEST(ImageReduced, BlursBeforeTheResizeShrinkWithThePicture) {
  const Preprocessing reduced =
      reduced_preprocessing(steps({CropGrey{}, GaussianContrast{40}, Resize{}, GaussianContrast{3}}), 4);
  EXPECT_EQ(std::get<GaussianContrast>(reduced.steps[1]).sigma, 10);
  EXPECT_EQ(std::get<GaussianContrast>(reduced.steps[3]).sigma, 3);
}

}  // namespace
}  // namespace fovea::image_test
