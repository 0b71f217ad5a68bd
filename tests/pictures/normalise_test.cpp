// Normalised floats against the formula, and against what Keras and the notebooks compute in float32.
#include <cmath>

#include "tests/pictures/files.h"

namespace fovea::image_test {
namespace {

/// A picture that has every byte value in every channel, in different orders.
Image every_value() {
  Image image{16, 16, Bytes(16 * 16 * 3)};
  for (std::size_t i = 0; i < 256; ++i) {
    for (std::size_t c = 0; c < 3; ++c) image.pixels[3 * i + c] = static_cast<std::uint8_t>(i * (2 * c + 1));
  }
  return image;
}

std::vector<float> normalised(const Image& image, const Normalise& how) {
  std::vector<float> out(image.pixels.size());
  normalise(image, how, out.data());
  return out;
}

TEST(ImageNormalise, FormulaInDoubleRoundedOnce) {
  const Image image = every_value();
  const Normalise how{true, 0.3, {1.5, -2.25, 100}, {0.229, 3, 1e-6}};
  const std::vector<float> got = normalised(image, how);
  for (std::size_t i = 0; i < 256; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      const double value = image.pixels[3 * i + 2 - c];  // BGR
      ASSERT_EQ(got[3 * i + c], static_cast<float>((value * how.scale - how.mean[c]) / how.std[c])) << i << " " << c;
    }
  }
}

TEST(ImageNormalise, ChannelOrder) {
  const Image pixel{1, 1, {10, 20, 30}};
  EXPECT_EQ(normalised(pixel, {false, 1, {0, 0, 0}, {1, 1, 1}}), (std::vector<float>{10, 20, 30}));
  EXPECT_EQ(normalised(pixel, {true, 1, {0, 0, 0}, {1, 1, 1}}), (std::vector<float>{30, 20, 10}));
  EXPECT_EQ(normalised(pixel, preset_card("imagenet-caffe").preprocessing.normalise),
            (std::vector<float>{static_cast<float>(30 - 103.939), static_cast<float>(20 - 116.779),
                                static_cast<float>(10 - 123.68)}));
}

float ulp(float x) { return std::nextafter(std::abs(x), INFINITY) - std::abs(x); }

TEST(ImageNormalise, WithinOneUnitOfBothWaysToRescale) {
  const Image image = every_value();
  const std::vector<float> got = normalised(image, preset_card("gaussian-700").preprocessing.normalise);
  int exact = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const float value = image.pixels[i];
    const float divided = value / 255.0F, multiplied = value * static_cast<float>(1 / 255.0);
    EXPECT_LE(std::abs(got[i] - multiplied), ulp(multiplied)) << value;
    EXPECT_LE(std::abs(got[i] - divided), ulp(divided)) << value;
    exact += got[i] == divided;
  }
  EXPECT_GE(exact, 3 * 250) << "the double product is the correctly rounded quotient but for ties";
}

TEST(ImageNormalise, KerasPresetsInFloat32) {
  const Image image = every_value();
  const std::vector<float> tf = normalised(image, preset_card("imagenet-tf").preprocessing.normalise);
  const std::vector<float> torch = normalised(image, preset_card("imagenet-torch").preprocessing.normalise);
  const std::vector<float> mean = {0.485F, 0.456F, 0.406F}, deviation = {0.229F, 0.224F, 0.225F};
  for (std::size_t i = 0; i < tf.size(); ++i) {
    const float value = image.pixels[i];
    EXPECT_LE(std::abs(tf[i] - (value / 127.5F - 1.0F)), 1.2e-7F);
    EXPECT_LE(std::abs(torch[i] - (value / 255.0F - mean[i % 3]) / deviation[i % 3]), 5e-7F);
  }
}

}  // namespace
}  // namespace fovea::image_test
