// Pictures by pointer, stride and channel order: each gives the pixels of the same picture as RGB.
#include <gtest/gtest.h>

#include <random>

#include <fovea/prepare.h>
#include "tests/support/model_builder.h"
#include "tests/support/refused.h"

namespace fovea::test {
namespace {

constexpr int kWidth = 7, kHeight = 5;

Image random_picture(bool grey) {
  std::mt19937 random(11);
  Image image{kWidth, kHeight, std::vector<std::uint8_t>(3 * kWidth * kHeight)};
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    image.pixels[i] = grey && i % 3 != 0 ? image.pixels[i - 1] : static_cast<std::uint8_t>(random());
  }
  return image;
}

// The picture in memory of a host's, with `gap` bytes behind each row, top down or bottom up.
struct Laid {
  std::vector<std::uint8_t> memory;
  ImageView view;
};

Laid lay(const Image& image, ChannelOrder order, std::ptrdiff_t gap, bool bottom_up) {
  const int bytes = order == ChannelOrder::grey                                  ? 1
                    : order == ChannelOrder::rgba || order == ChannelOrder::bgra ? 4
                                                                                 : 3;
  const bool bgr = order == ChannelOrder::bgr || order == ChannelOrder::bgra;
  const std::ptrdiff_t row = bytes * image.width + gap;
  Laid laid{std::vector<std::uint8_t>(static_cast<std::size_t>(row * image.height), 0xEE), {}};
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* out = laid.memory.data() + row * (bottom_up ? image.height - 1 - y : y);
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t* in = &image.pixels[static_cast<std::size_t>(3 * (y * image.width + x))];
      for (int c = 0; c < std::min(bytes, 3); ++c) out[c] = in[bgr ? 2 - c : c];
      out += bytes;
    }
  }
  const std::uint8_t* top = laid.memory.data() + (bottom_up ? row * (image.height - 1) : 0);
  laid.view = {top, image.width, image.height, bottom_up ? -row : gap == 0 ? 0 : row, order};
  return laid;
}

TEST(ImageView, EveryOrderAndStrideIsTheSamePicture) {
  for (const auto order :
       {ChannelOrder::rgb, ChannelOrder::bgr, ChannelOrder::rgba, ChannelOrder::bgra, ChannelOrder::grey}) {
    const Image want = random_picture(order == ChannelOrder::grey);
    for (const std::ptrdiff_t gap : {0, 1, 13}) {
      for (const bool bottom_up : {false, true}) {
        const Laid laid = lay(want, order, gap, bottom_up);
        const Image got = copy_image(laid.view);
        EXPECT_EQ(got.width, want.width);
        EXPECT_EQ(got.height, want.height);
        EXPECT_EQ(got.pixels, want.pixels) << static_cast<int>(order) << " gap " << gap << (bottom_up ? " up" : "");
      }
    }
  }
}

TEST(ImageView, RefusesWhatIsNoPicture) {
  const std::vector<std::uint8_t> memory(4096);
  const std::uint8_t* at = memory.data();
  refused([&] { copy_image({}); }, "0x0 pixels at no address");
  refused([&] { copy_image({nullptr, 3, 3, 0, ChannelOrder::rgb}); }, "at no address");
  for (const int side : {0, -1, kMaxImageSide + 1}) {
    refused([&] { copy_image({at, side, 3, 0, ChannelOrder::rgb}); }, "cannot be");
    refused([&] { copy_image({at, 3, side, 0, ChannelOrder::rgb}); }, "cannot be");
  }
  for (const std::ptrdiff_t stride : {1, 29, -1, -29}) {
    refused([&] { copy_image({at, 10, 3, stride, ChannelOrder::rgb}); }, "cannot lie");
  }
  for (const std::ptrdiff_t stride : {PTRDIFF_MAX, PTRDIFF_MIN, PTRDIFF_MAX / 2}) {
    refused([&] { copy_image({at, 10, 3, stride, ChannelOrder::rgb}); }, "cannot lie");
  }
  refused([&] { copy_image({at, 10, 3, 0, static_cast<ChannelOrder>(9)}); }, "an order that is not known");
}

TEST(ImageView, PreparesAsTheStepsDo) {
  const ModelBuilder net({12, 9, 3});
  Session session(Model::create(net.desc()), {.max_batch = 2, .threads = 1});
  Preprocessing steps = preset_card("imagenet-caffe").preprocessing;
  steps.steps = {CropCircle{}, Resize{0, 0, Interpolation::linear}};
  const Image picture = random_picture(false);
  prepare(lay(picture, ChannelOrder::bgra, 3, true).view, steps, session, 1);
  std::vector<float> want(12 * 9 * 3);
  normalise(apply_steps(picture, steps, 9, 12), steps.normalise, want.data());
  EXPECT_TRUE(std::equal(want.begin(), want.end(), session.input(1).begin()));
  refused([&] { prepare(lay(picture, ChannelOrder::rgb, 0, false).view, steps, session, 2); }, "outside");
  refused([&] { prepare({}, steps, session); }, "cannot be");
  steps.steps.pop_back();
  refused([&] { prepare(lay(picture, ChannelOrder::rgb, 0, false).view, steps, session); }, "the network takes 9x12");
  Session grey(Model::create(ModelBuilder({12, 9, 1}).desc()), {.threads = 1});
  refused([&] { prepare(lay(picture, ChannelOrder::rgb, 0, false).view, steps, grey); }, "not one colour picture");
}

}  // namespace
}  // namespace fovea::test
