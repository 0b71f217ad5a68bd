// Decoded pixels against OpenCV's own imread(IMREAD_COLOR), byte by byte, in every kind of file that is taken.
#include <opencv2/imgcodecs.hpp>

#include "tests/pictures/files.h"
#include "tests/pictures/writers.h"

namespace fovea::image_test {
namespace {

/// Writes the file and compares fovea's reading with OpenCV's. `name` gives the extension.
std::string against_imread(const std::string& name, const Bytes& bytes) {
  const Scratch scratch;
  const std::string path = scratch.write(name, bytes);
  const cv::Mat oracle = cv::imread(path, cv::IMREAD_COLOR);
  const std::string result = difference(read_image(path), oracle);
  return result.empty() ? difference(decode_image(bytes.data(), bytes.size(), name), oracle) : result;
}

TEST(ImageDecode, ComparisonSeesOneWrongByte) {
  const cv::Mat mat = noise(9, 5);
  Image image = to_image(mat);
  EXPECT_EQ(difference(image, mat), "");
  image.pixels[77] ^= 1;
  EXPECT_NE(difference(image, mat).find("byte 77 "), std::string::npos);
}

TEST(ImageDecode, Jpeg) {
  const cv::Mat grey = noise(61, 45, CV_8UC1);
  for (const cv::Mat& mat : {noise(61, 45), disc(200, 150), grey, noise(1, 1), noise(8, 1)}) {
    EXPECT_EQ(against_imread("a.jpg", encode(".jpg", mat)), "");
    EXPECT_EQ(against_imread("progressive.jpg", encode(".jpg", mat, {cv::IMWRITE_JPEG_PROGRESSIVE, 1})), "");
    EXPECT_EQ(against_imread("restarts.jpg", encode(".jpg", mat, {cv::IMWRITE_JPEG_RST_INTERVAL, 1})), "");
  }
}

TEST(ImageDecode, JpegColourSpacesAndSampling) {
  for (const int sampling : {1, 2}) {
    EXPECT_EQ(against_imread("rgb.jpg", encode_jpeg(noise(61, 45), JCS_RGB, sampling)), "");
    EXPECT_EQ(against_imread("cmyk.jpg", encode_jpeg(noise(61, 45, CV_8UC4), JCS_CMYK, sampling)), "");
    EXPECT_EQ(against_imread("arithmetic.jpg", encode_jpeg(noise(61, 45), JCS_RGB, sampling, true)), "");
  }
}

TEST(ImageDecode, JpegEveryOrientation) {
  const Bytes jpeg = encode(".jpg", noise(24, 17));
  for (int orientation = 0; orientation <= 9; ++orientation) {
    for (const bool big_endian : {false, true}) {
      const Bytes rotated = with_app1(jpeg, kExifHeader, exif(orientation, big_endian));
      EXPECT_EQ(against_imread("a.jpg", rotated), "") << "orientation " << orientation;
      const Image image = decode_image(rotated.data(), rotated.size(), "a.jpg");
      EXPECT_EQ(image.width, orientation >= 5 && orientation <= 8 ? 17 : 24) << orientation;
    }
  }
}

TEST(ImageDecode, OnlyTheFirstApp1BlockCounts) {
  const Bytes rotated = with_app1(encode(".jpg", noise(24, 17)), kExifHeader, exif(6, false));
  const std::string xmp("http://ns.adobe.com/xap/1.0/\0<x/>", 33);
  EXPECT_EQ(against_imread("a.jpg", with_app1(rotated, xmp, {})), "");
  EXPECT_EQ(against_imread("a.jpg", with_app1(rotated, kExifHeader, exif(3, true))), "");
}

TEST(ImageDecode, PngOfEveryKind) {
  struct Kind {
    int colour;
    std::vector<int> depths;
  };
  const std::vector<Kind> kinds = {{PNG_COLOR_TYPE_GRAY, {1, 2, 4, 8, 16}},
                                   {PNG_COLOR_TYPE_RGB, {8, 16}},
                                   {PNG_COLOR_TYPE_PALETTE, {1, 2, 4, 8}},
                                   {PNG_COLOR_TYPE_GRAY_ALPHA, {8, 16}},
                                   {PNG_COLOR_TYPE_RGB_ALPHA, {8, 16}}};
  for (const Kind& kind : kinds) {
    for (const int depth : kind.depths) {
      for (const bool interlaced : {false, true}) {
        PngOptions options;
        options.colour = kind.colour;
        options.depth = depth;
        options.interlaced = interlaced;
        EXPECT_EQ(against_imread("a.png", random_png(options)), "") << "colour " << kind.colour << " depth " << depth;
        options.transparency = (kind.colour & PNG_COLOR_MASK_ALPHA) == 0;
        EXPECT_EQ(against_imread("a.png", random_png(options)), "") << "colour " << kind.colour << " depth " << depth;
      }
    }
  }
}

TEST(ImageDecode, PngEveryFilter) {
  for (const int colour :
       {PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA}) {
    for (const int filter : {PNG_FILTER_NONE, PNG_FILTER_SUB, PNG_FILTER_UP, PNG_FILTER_AVG, PNG_FILTER_PAETH}) {
      for (const int depth : {8, 16}) {
        PngOptions options;
        options.width = 61;
        options.colour = colour;
        options.depth = depth;
        options.filters = filter;
        EXPECT_EQ(against_imread("a.png", random_png(options)), "") << colour << " " << filter << " " << depth;
      }
    }
  }
}

TEST(ImageDecode, PngEveryOrientation) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    PngOptions options;
    options.exif = exif(orientation, orientation % 2 == 0);
    EXPECT_EQ(against_imread("a.png", random_png(options)), "") << "orientation " << orientation;
    options.interlaced = true;
    EXPECT_EQ(against_imread("a.png", random_png(options)), "") << "interlaced, orientation " << orientation;
    options.colour = PNG_COLOR_TYPE_RGB_ALPHA;
    options.depth = 16;
    options.interlaced = false;
    options.height = 70;  // several times as many rows as are turned together
    EXPECT_EQ(against_imread("a.png", random_png(options)), "") << "16 bits, orientation " << orientation;
  }
}

TEST(ImageDecode, Tiff) {
  for (const int type : {CV_8UC1, CV_8UC3, CV_8UC4, CV_16UC1, CV_16UC3, CV_16UC4}) {
    for (const int compression : {1, 5, 8, 32773}) {  // none, LZW, deflate, PackBits
      const Bytes bytes = encode(".tiff", noise(61, 45, type), {cv::IMWRITE_TIFF_COMPRESSION, compression});
      EXPECT_EQ(against_imread("a.tiff", bytes), "") << "type " << type << " compression " << compression;
    }
  }
}

TEST(ImageDecode, TiffEveryOrientation) {
  const cv::Mat mat = noise(24, 17);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (const bool big_endian : {false, true}) {
      EXPECT_EQ(against_imread("a.tif", rgb_tiff(to_image(mat), orientation, big_endian)), "") << orientation;
    }
  }
  const Bytes upright = rgb_tiff(to_image(mat), 1, false);
  EXPECT_EQ(difference(decode_image(upright.data(), upright.size(), "a.tif"), mat), "");
}

// One tile, uncompressed; its bytes are no multiple of anything.
TEST(ImageDecode, TiffTilesOfAnySize) {
  for (const std::uint32_t side : {16U, 32U, 48U, 64U, 80U}) {
    for (const bool big_endian : {false, true}) {
      const Image tile = to_image(noise(static_cast<int>(side), static_cast<int>(side)));
      const std::uint32_t offset = 8 + 2 + 12 * 10 + 4;
      const Bytes bytes = tiff({{0x100, 4, side - 3},
                                {0x101, 4, side - 5},
                                {0x102, 3, 8},
                                {0x103, 3, 1},
                                {0x106, 3, 2},
                                {0x115, 3, 3},
                                {0x142, 4, side},
                                {0x143, 4, side},
                                {0x144, 4, offset},
                                {0x145, 4, side * side * 3}},
                               big_endian, tile.pixels);
      const auto right = noise(static_cast<int>(side), static_cast<int>(side))(
                             cv::Rect(0, 0, static_cast<int>(side) - 3, static_cast<int>(side) - 5))
                             .clone();
      EXPECT_EQ(difference(decode_image(bytes.data(), bytes.size(), "a.tif"), right), "") << side;
    }
  }
}

TEST(ImageDecode, Bmp) {
  for (const int type : {CV_8UC1, CV_8UC3, CV_8UC4}) {
    Bytes bytes = encode(".bmp", noise(61, 45, type));
    EXPECT_EQ(against_imread("a.bmp", bytes), "") << "type " << type;
    // Height at offset 22, negative: rows from top to bottom.
    const Bytes negative = {0xd3, 0xff, 0xff, 0xff};
    std::copy(negative.begin(), negative.end(), bytes.begin() + 22);
    EXPECT_EQ(against_imread("a.bmp", bytes), "") << "type " << type;
  }
}

TEST(ImageDecode, BmpDepthsAndHeaders) {
  for (const int bits : {1, 4, 8, 24, 32}) {
    for (const int width : {1, 7, 33}) {
      EXPECT_EQ(against_imread("a.bmp", random_bmp(width, 5, bits, false)), "") << bits << " bits, width " << width;
      if (bits == 32) continue;  // came after the old header
      EXPECT_EQ(against_imread("a.bmp", random_bmp(width, 5, bits, true)), "") << bits << " bits, width " << width;
    }
  }
}

TEST(ImageDecode, NamesAreNotTrusted) {
  EXPECT_EQ(against_imread("really-a-jpeg.png", encode(".jpg", noise(24, 17))), "");
  EXPECT_EQ(against_imread("really-a-png", encode(".png", noise(24, 17))), "");
}

TEST(ImageDecode, WhatFollowsThePictureIsIgnored) {
  for (const char* extension : {".jpg", ".png", ".bmp", ".tiff"}) {
    Bytes bytes = encode(extension, noise(24, 17));
    bytes.insert(bytes.end(), 1000, 'x');
    EXPECT_EQ(against_imread(std::string("a") + extension, bytes), "") << extension;
  }
}

TEST(ImageDecode, RealPhotographs) {
  const std::vector<std::string> paths = photographs();
  if (paths.empty()) GTEST_SKIP() << "no photographs in " << shared_data();
  for (const std::string& path : paths) {
    EXPECT_EQ(difference(read_image(path), cv::imread(path, cv::IMREAD_COLOR)), "") << path;
  }
}

TEST(ImageDecode, WrittenPngReadsBack) {
  const Scratch scratch;
  const cv::Mat mat = disc(90, 60);
  write_png(to_image(mat), scratch.path("a.png"));
  EXPECT_EQ(difference(read_image(scratch.path("a.png")), mat), "");
  EXPECT_EQ(difference(to_image(cv::imread(scratch.path("a.png"), cv::IMREAD_UNCHANGED)), mat), "");
  EXPECT_FALSE(std::filesystem::exists(scratch.path("a.png.part")));
}

TEST(ImageDecode, NamesPickedUpInAFolder) {
  for (const char* name : {"a.jpg", "a.JPEG", "a.b.png", "dir.x/a.Tif", ".tiff", "a.bmp", "a.jfif", "a.DCM"}) {
    EXPECT_TRUE(is_image_name(name)) << name;
  }
  for (const char* name : {"a.csv", "jpg", "a.jpg.txt", "a.1", "", "a.", "a.png/b"})
    EXPECT_FALSE(is_image_name(name)) << name;
}

}  // namespace
}  // namespace fovea::image_test
