// The views of test-time augmentation move pixels as their names say.
#include "grading/pipeline/views.h"

#include <gtest/gtest.h>

namespace fovea::tools {
namespace {

// A picture whose pixel at column x and row y says so.
Image numbered(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int number = 10 * y + x;
      for (int c = 0; c < 3; ++c) image.pixels.push_back(static_cast<std::uint8_t>(number + 100 * (c == 2)));
    }
  }
  return image;
}

std::string rows_of(const Image& image) {
  std::string text;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t* pixel = &image.pixels[static_cast<std::size_t>(3 * (y * image.width + x))];
      EXPECT_EQ(pixel[0], pixel[1]);
      EXPECT_EQ(pixel[0] + 100, pixel[2]);
      text += std::to_string(pixel[0]) + (x + 1 < image.width ? " " : "/");
    }
  }
  return text;
}

TEST(Views, EachMovesPixelsAsItsNameSays) {
  // 0  1  2
  // 10 11 12
  const Image image = numbered(3, 2);
  const std::vector<std::string> expected{"0 1 2/10 11 12/", "2 1 0/12 11 10/", "10 11 12/0 1 2/", "12 11 10/2 1 0/",
                                          "10 0/11 1/12 2/", "2 12/1 11/0 10/", "0 10/1 11/2 12/", "12 2/11 1/10 0/"};
  for (int i = 0; i < kMaxViews; ++i) EXPECT_EQ(rows_of(view_of(image, i)), expected[static_cast<std::size_t>(i)]) << i;
}

TEST(Views, NamesAreTheFixedList) {
  EXPECT_EQ(view_names(8), (std::vector<std::string>{"identity", "hflip", "vflip", "rot180", "rot90", "rot270",
                                                     "transpose", "anti-transpose"}));
  EXPECT_EQ(view_names(1), std::vector<std::string>{"identity"});
}

TEST(Views, TheFirstFourKeepTheShape) {
  EXPECT_FALSE(views_turn(4));
  EXPECT_TRUE(views_turn(5));
}

}  // namespace
}  // namespace fovea::tools
