// BMPs that OpenCV does not write: runs, 16 bits, masks, headers of every size. Against OpenCV's imread where it reads
// them, against the pixels that were put in where it does not.
#include <opencv2/imgcodecs.hpp>

#include "tests/pictures/files.h"
#include "tests/pictures/writers.h"

namespace fovea::image_test {
namespace {

struct Bmp {
  int width = 0, height = 0, bits = 8;
  std::uint32_t compression = 0;
  std::uint32_t header = 40;
  std::uint32_t colours = 0;
  Bytes masks;    ///< after the first 40 bytes of the header
  Bytes palette;  ///< empty = random
  Bytes data;
};

Bytes bmp_of(const Bmp& bmp) {
  Bytes palette = bmp.palette;
  if (palette.empty() && bmp.bits <= 8) {
    std::mt19937 random(4);
    palette.resize((bmp.colours == 0 ? std::size_t{1} << bmp.bits : bmp.colours) * 4);
    for (std::uint8_t& byte : palette) byte = static_cast<std::uint8_t>(random());
  }
  Bytes header;
  append(header, bmp.header, 4, false);
  append(header, static_cast<std::uint32_t>(bmp.width), 4, false);
  append(header, static_cast<std::uint32_t>(bmp.height), 4, false);
  append(header, 1, 2, false);
  append(header, static_cast<std::uint32_t>(bmp.bits), 2, false);
  append(header, bmp.compression, 4, false);
  append(header, static_cast<std::uint32_t>(bmp.data.size()), 4, false);
  append(header, 0, 4, false);
  append(header, 0, 4, false);
  append(header, bmp.colours, 4, false);
  append(header, 0, 4, false);
  header.insert(header.end(), bmp.masks.begin(), bmp.masks.end());
  header.resize(std::max<std::size_t>(bmp.header, bmp.header == 40 ? header.size() : bmp.header));
  const auto offset = static_cast<std::uint32_t>(14 + header.size() + palette.size());
  Bytes bytes = {'B', 'M'};
  append(bytes, offset + static_cast<std::uint32_t>(bmp.data.size()), 4, false);
  append(bytes, 0, 4, false);
  append(bytes, offset, 4, false);
  for (const Bytes* part : {static_cast<const Bytes*>(&header), static_cast<const Bytes*>(&palette), &bmp.data}) {
    bytes.insert(bytes.end(), part->begin(), part->end());
  }
  return bytes;
}

std::string against_opencv(const Bytes& bytes) {
  const cv::Mat oracle = cv::imdecode(bytes, cv::IMREAD_COLOR);
  if (oracle.empty()) return "OpenCV does not read it";
  Image image;
  const std::string error = error_of([&] { image = decode_image(bytes.data(), bytes.size(), "a.bmp"); });
  return error == "no error" ? difference(image, oracle) : error;
}

Bytes random_bytes(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

/// Runs that stay inside a picture: of one byte, of single pixels, skips, rows that end early, rows without anything,
/// and an end before the last row where `whole` is not set.
Bytes random_runs(int width, int height, int bits, unsigned seed, bool whole) {
  std::mt19937 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Bytes data;
  const auto put = [&](int a, int b) {
    data.push_back(static_cast<std::uint8_t>(a));
    data.push_back(static_cast<std::uint8_t>(b));
  };
  for (int y = 0; y < height; ++y) {
    int x = 0;
    while (x < width) {
      const int left = width - x, kind = below(10);
      if (kind < 5) {
        const int count = 1 + below(std::min(left, 255));
        put(count, below(256));
        x += count;
      } else if (kind < 8 && left >= 3) {
        const int count = 3 + below(std::min(left, 60) - 2);
        put(0, count);
        const int stored = bits == 4 ? (count + 1) / 2 : count;
        for (int i = 0; i < stored + stored % 2; ++i) data.push_back(static_cast<std::uint8_t>(random()));
        x += count;
      } else if (kind == 8 && left >= 2) {
        put(0, 2);
        const int across = below(std::min(left, 20));
        put(across, 0);
        x += across;
      } else if (kind == 9 && below(3) == 0) {
        break;
      }
    }
    if (!whole && y == height / 2) break;
    put(0, 0);
    if (y + 4 < height && below(6) == 0) {  // whole rows to skip
      put(0, 2);
      put(0, 2);
      y += 2;
    }
  }
  put(0, 1);
  return data;
}

TEST(ImageBmp, Runs) {
  int compared = 0;
  for (const int bits : {4, 8}) {
    for (unsigned seed = 0; seed < 200; ++seed) {
      const int width = 1 + static_cast<int>(seed * 7 % 90), height = 1 + static_cast<int>(seed * 5 % 31);
      Bmp bmp{width, height, bits, bits == 8 ? 1U : 2U};
      bmp.data = random_runs(width, height, bits, seed, seed % 3 != 0);
      if (seed % 5 == 0) bmp.colours = 7;
      const Bytes bytes = bmp_of(bmp);
      if (cv::imdecode(bytes, cv::IMREAD_COLOR).empty()) continue;
      EXPECT_EQ(against_opencv(bytes), "") << bits << " bits, seed " << seed;
      ++compared;
    }
  }
  EXPECT_GT(compared, 200);
}

// Any bytes: where OpenCV makes a picture of them, it is this one; and never more is read than there is.
TEST(ImageBmp, RunsOfAnyBytes) {
  testing::internal::CaptureStderr();  // OpenCV says what it does not read
  int compared = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    const int bits = seed % 2 == 0 ? 8 : 4;
    Bmp bmp{9, 4, bits, bits == 8 ? 1U : 2U};
    bmp.data = random_bytes(40 + seed % 50, seed);
    for (std::size_t i = 0; i < bmp.data.size(); i += 2) {
      bmp.data[i] %= 10;
      if (seed % 4 < 2) bmp.data[i + (i + 1 < bmp.data.size() ? 1 : 0)] %= 5;
    }
    const Bytes bytes = bmp_of(bmp);
    if (cv::imdecode(bytes, cv::IMREAD_COLOR).empty()) {
      EXPECT_NO_FATAL_FAILURE(error_of([&] { decode_image(bytes.data(), bytes.size(), "a.bmp"); }));
      continue;
    }
    EXPECT_EQ(against_opencv(bytes), "") << bits << " bits, seed " << seed;
    ++compared;
  }
  testing::internal::GetCapturedStderr();
  EXPECT_GT(compared, 50);
}

Bytes masks_of(std::uint32_t red, std::uint32_t green, std::uint32_t blue, std::uint32_t alpha = 0) {
  Bytes bytes;
  for (const std::uint32_t mask : {red, green, blue, alpha}) append(bytes, mask, 4, false);
  return bytes;
}

TEST(ImageBmp, SixteenBits) {
  for (const int width : {1, 7, 32}) {
    for (const int height : {5, -5}) {
      const auto size = static_cast<std::size_t>((width * 2 + 3) / 4 * 4 * 5);
      Bmp bmp{width, height, 16, 0};
      bmp.data = random_bytes(size, 1);
      EXPECT_EQ(against_opencv(bmp_of(bmp)), "") << "555";
      bmp.compression = 3;
      bmp.masks = masks_of(0xf800, 0x7e0, 0x1f);
      bmp.masks.resize(12);
      EXPECT_EQ(against_opencv(bmp_of(bmp)), "") << "565";
      bmp.masks = masks_of(0x7c00, 0x3e0, 0x1f);
      bmp.masks.resize(12);
      EXPECT_EQ(against_opencv(bmp_of(bmp)), "") << "555 by masks";
    }
  }
}

/// The picture of one pixel of these bits.
Image one_pixel(int bits, std::uint32_t header, std::uint32_t compression, const Bytes& masks, std::uint32_t pixel) {
  Bmp bmp{1, 1, bits, compression, header};
  bmp.masks = masks;
  append(bmp.data, pixel, 4, false);
  const Bytes bytes = bmp_of(bmp);
  return decode_image(bytes.data(), bytes.size(), "a.bmp");
}

TEST(ImageBmp, AnyMasks) {
  const Bytes masks444 = masks_of(0xf00, 0xf0, 0xf), masks10 = masks_of(0x3ff00000, 0xffc00, 0x3ff),
              swapped = masks_of(0xff, 0xff00, 0xff0000);
  for (const std::uint32_t header : {40U, 52U, 56U, 108U, 124U}) {
    EXPECT_EQ(one_pixel(16, header, 3, masks444, 0xfa5).pixels, (Bytes{0xf0, 0xa0, 0x50})) << header;
    EXPECT_EQ(one_pixel(32, header, 3, masks10, 0x3ff00000 | 0x200 << 10 | 3).pixels, (Bytes{255, 128, 0})) << header;
    EXPECT_EQ(one_pixel(32, header, 3, swapped, 0x030201).pixels, (Bytes{1, 2, 3})) << header;
    EXPECT_EQ(one_pixel(32, header, 6, swapped, 0x030201).pixels, (Bytes{1, 2, 3})) << header;
    EXPECT_EQ(one_pixel(16, header, 3, masks_of(0xf800, 0x7e0, 0x1f), 0xffff).pixels, (Bytes{248, 252, 248}));
  }
  for (const Bytes& bad : {masks_of(0, 0xff00, 0xff), masks_of(0xff0000, 0xf0f0, 0xff)}) {
    EXPECT_NE(error_of([&] { one_pixel(32, 40, 3, bad, 0); }).find("mask is not one run"), std::string::npos);
  }
  EXPECT_NE(error_of([&] { one_pixel(16, 40, 3, masks_of(0xf0000, 0xf0, 0xf), 0); }).find("mask"), std::string::npos);
}

TEST(ImageBmp, ThirtyTwoBitsAgainstOpenCv) {
  for (const std::uint32_t header : {40U, 56U, 108U, 124U}) {
    Bmp bmp{9, 5, 32, 0, header};
    bmp.data = random_bytes(9 * 5 * 4, 3);
    EXPECT_EQ(against_opencv(bmp_of(bmp)), "") << header;
    bmp.compression = 3;
    bmp.masks = masks_of(0xff0000, 0xff00, 0xff, header == 40 ? 0 : 0xff000000);
    EXPECT_EQ(against_opencv(bmp_of(bmp)), "") << header;
  }
}

TEST(ImageBmp, HeadersAndPalettes) {
  for (const int bits : {1, 4, 8}) {
    for (const int height : {5, -5}) {
      const auto row = static_cast<std::size_t>((33 * bits + 31) / 32 * 4);
      for (const std::uint32_t header : {40U, 64U, 108U, 124U}) {
        Bmp bmp{33, height, bits, 0, header};
        bmp.data = random_bytes(row * 5, 6);
        EXPECT_EQ(against_opencv(bmp_of(bmp)), "") << bits << " bits, header of " << header;
        bmp.colours = bits == 1 ? 1 : 9;  // fewer than the bits could say
        EXPECT_EQ(against_opencv(bmp_of(bmp)), "") << bits << " bits, header of " << header;
        bmp.colours = 256;  // more
        EXPECT_EQ(against_opencv(bmp_of(bmp)), "") << bits << " bits, header of " << header;
      }
    }
  }
  // OS/2's second header may be short: no compression, all colours.
  Bmp os2{33, 5, 8, 0, 64};
  os2.data = random_bytes(36 * 5, 6);
  Bytes bytes = bmp_of(os2);
  const cv::Mat oracle = cv::imdecode(bytes, cv::IMREAD_COLOR);
  bytes[14] = 16;
  bytes[10] = static_cast<std::uint8_t>(bytes[10] - 48);
  bytes.erase(bytes.begin() + 30, bytes.begin() + 78);
  EXPECT_EQ(difference(decode_image(bytes.data(), bytes.size(), "a.bmp"), oracle), "");
}

TEST(ImageBmp, RunsThatLeaveTheirPicture) {
  const auto error_for_runs = [](const Bytes& data) {
    Bmp bmp{4, 2, 8, 1};
    bmp.data = data;
    const Bytes bytes = bmp_of(bmp);
    return error_of([&] { decode_image(bytes.data(), bytes.size(), "a.bmp"); });
  };
  EXPECT_NE(error_for_runs({5, 1}).find("a run is longer than its row"), std::string::npos);
  EXPECT_NE(error_for_runs({0, 5, 1, 2, 3, 4, 5, 0}).find("a run is longer than its row"), std::string::npos);
  EXPECT_NE(error_for_runs({4, 1}).find("its runs are cut off"), std::string::npos);
  EXPECT_NE(error_for_runs({4, 1, 0, 3, 1}).find("its runs are cut off"), std::string::npos);
  EXPECT_NE(error_for_runs({4, 1, 0, 2, 1}).find("its runs are cut off"), std::string::npos);
  EXPECT_NE(error_for_runs({4, 1, 1}).find("its runs are cut off"), std::string::npos);
  EXPECT_EQ(error_for_runs({4, 1, 4, 2}), "no error") << "all pixels are there, OpenCV wants no end either";
  EXPECT_EQ(error_for_runs({0, 2, 255, 255}), "no error");
}

}  // namespace
}  // namespace fovea::image_test
