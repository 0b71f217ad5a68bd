// What decoding may take: one budget of memory for all threads, scans, time; and notes on pictures that show nothing.
#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "pictures/decode/exposure.h"
#include "tests/pictures/files.h"
#include "tests/pictures/writers.h"

namespace fovea::image_test {
namespace {

/// The process' budget as it was, afterwards.
struct Budget {
  explicit Budget(std::size_t bytes) { set_decode_memory(bytes); }
  ~Budget() { set_decode_memory(default_decode_memory()); }
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;
};

std::string note_of(const Bytes& bytes, const DecodeOptions& options = {}) {
  return decode_picture(bytes.data(), bytes.size(), "a", options).note;
}

std::string refusal(const Bytes& bytes, const DecodeOptions& options = {}) {
  return error_of([&] { note_of(bytes, options); });
}

TEST(ImageBudget, APictureHoldsItsShareAsLongAsItIsThere) {
  EXPECT_GE(default_decode_memory(), std::size_t{256} << 20);
  ASSERT_EQ(decode_memory_in_use(), 0U);
  for (const char* extension : {".jpg", ".png", ".tiff", ".bmp"}) {
    const Bytes bytes = encode(extension, noise(240, 170));
    {
      const DecodedImage decoded = decode_picture(bytes.data(), bytes.size(), "a");
      EXPECT_EQ(decode_memory_in_use(), std::size_t{240} * 170 * 3) << extension;
    }
    EXPECT_EQ(decode_memory_in_use(), 0U) << extension;
    EXPECT_NE(refusal(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2))), "no error");
    EXPECT_EQ(decode_memory_in_use(), 0U) << extension << ", after an error";
    const Budget small(std::size_t{240} * 170 * 3);  // room for the picture, not for the file
    EXPECT_EQ(refusal(bytes), "a: needs 1 MiB of memory to be decoded, the limit is 0") << extension;
  }
}

TEST(ImageBudget, ThreadsWaitForEachOther) {
  const Bytes bytes = encode(".png", noise(400, 300));
  const std::size_t picture = std::size_t{400} * 300 * 3;
  const Budget two(picture * 6);  // the picture and its rows before, each: twice
  std::atomic<std::size_t> most{0};
  std::atomic<int> decoded{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 10; ++k) {
        const DecodedImage image = decode_picture(bytes.data(), bytes.size(), "a");
        std::size_t known = most;
        const std::size_t now = decode_memory_in_use();
        while (now > known && !most.compare_exchange_weak(known, now)) {
        }
        ++decoded;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(decoded, 80);
  EXPECT_LE(most, picture * 6);
  EXPECT_EQ(decode_memory_in_use(), 0U);
}

// A wide budget for one, and none for what could never fit: by the header alone, before anything is allocated.
TEST(ImageBudget, SixteenBitsAndAlphaAreNeverWholeInMemory) {
  PngOptions options;
  options.colour = PNG_COLOR_TYPE_RGB_ALPHA;
  options.depth = 16;
  options.width = 4000;
  options.height = 2500;    // 80 MB of samples, a picture of 30 MB
  options.compression = 0;  // which takes the longest
  options.exif = exif(6, false);
  const Bytes bytes = random_png(options);
  const std::size_t file = bytes.size(), picture = std::size_t{4000} * 2500 * 3;
  const Budget budget(2 * file + picture + (std::size_t{1} << 20));
  EXPECT_EQ(refusal(bytes), "no error");
}

TEST(ImageBudget, ScansTimesPixels) {
  const Bytes jpeg = encode(".jpg", noise(240, 170), {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  DecodeOptions options;
  options.limits.max_pixels = std::int64_t{240} * 170;
  EXPECT_EQ(refusal(jpeg, options), "no error");
  options.limits.max_scans_of_largest = 9;
  EXPECT_EQ(refusal(jpeg, options), "a: 10 scans of 240x170 pixels take too long to decode");
  options.limits.max_pixels *= 2;
  EXPECT_EQ(refusal(jpeg, options), "no error");
}

TEST(ImageBudget, ADeadlineEndsEveryDecoder) {
  DecodeOptions options;
  options.limits.time = std::chrono::milliseconds(-1);
  const cv::Mat mat = noise(240, 170);
  Bytes runs = random_bmp(16, 16, 8, false);
  runs[30] = 1;
  for (const Bytes& bytes :
       {encode(".jpg", mat), encode(".jpg", mat, {cv::IMWRITE_JPEG_PROGRESSIVE, 1}), encode(".png", mat),
        encode(".tiff", mat), encode(".bmp", mat), runs, random_png({.interlaced = true})}) {
    for (const bool accept : {false, true}) {
      options.accept_damaged = accept;
      EXPECT_EQ(refusal(bytes, options), "a: takes too long to decode");
    }
  }
}

TEST(ImageBudget, TilesAreBoundedAsPicturesAre) {
  const Bytes bytes = tiff({{0x100, 4, 16},
                            {0x101, 4, 16},
                            {0x102, 3, 8},
                            {0x103, 3, 1},
                            {0x106, 3, 1},
                            {0x115, 3, 1},
                            {0x142, 4, 1 << 19},
                            {0x143, 4, 1 << 19},
                            {0x144, 4, 8},
                            {0x145, 4, 100}},
                           false);
  EXPECT_NE(refusal(bytes).find("header claims 524288x524288"), std::string::npos) << refusal(bytes);
}

TEST(ImageExposure, PicturesThatShowNothing) {
  const auto note = [](const cv::Mat& mat) { return exposure_note(to_image(mat)); };
  const auto flat = [](int value) { return cv::Mat(300, 400, CV_8UC3, cv::Scalar(value, value, value)); };
  EXPECT_EQ(note(flat(0)), "nearly black: 99.9 % of its pixels are below 16 of 255");
  EXPECT_EQ(note(flat(15)), "nearly black: 99.9 % of its pixels are below 16 of 255");
  EXPECT_EQ(note(flat(255)), "nearly white: 99.9 % of its pixels are at least 240 of 255");
  EXPECT_EQ(note(flat(100)), "nearly uniform: 99.9 % of its pixels are within 8 of 256 levels");
  cv::Mat noisy = noise(400, 300) / 40;  // 0 to 6
  EXPECT_NE(note(noisy).find("nearly black"), std::string::npos);
  noisy += cv::Scalar(100, 80, 60);
  EXPECT_NE(note(noisy).find("nearly uniform"), std::string::npos);
  noisy = noise(400, 300) / 10;  // 0 to 25
  EXPECT_EQ(note(noisy), "");
  EXPECT_EQ(note(disc(400, 300)), "");
  cv::Mat dark_with_date = flat(3);
  dark_with_date(cv::Rect(0, 0, 12, 10)).setTo(cv::Scalar(255, 255, 255));  // 0.1 %
  EXPECT_NE(note(dark_with_date).find("nearly black"), std::string::npos);
  dark_with_date(cv::Rect(0, 0, 40, 10)).setTo(cv::Scalar(255, 255, 255));
  EXPECT_EQ(note(dark_with_date), "");
  EXPECT_EQ(note(cv::Mat(1, 1, CV_8UC3, cv::Scalar(9, 99, 199))),
            "nearly uniform: 99.9 % of its pixels are within 8 of 256 levels");
}

// The verdict by its definition: all values of the picture, sorted.
std::string sorted_verdict(const Image& image) {
  std::array<std::vector<int>, 5> sorted;  // three channels, the brightest and the darkest of each pixel
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    const int r = image.pixels[i], g = image.pixels[i + 1], b = image.pixels[i + 2];
    const std::array<int, 5> values = {r, g, b, std::max({r, g, b}), std::min({r, g, b})};
    for (std::size_t c = 0; c < values.size(); ++c) sorted[c].push_back(values[c]);
  }
  for (std::vector<int>& values : sorted) std::sort(values.begin(), values.end());
  const std::size_t count = sorted[0].size(), enough = (999 * count + 999) / 1000, outside = (count - enough) / 2;
  if (sorted[3][enough - 1] < 16) return "nearly black";
  if (sorted[4][count - enough] >= 240) return "nearly white";
  for (std::size_t c = 0; c < 3; ++c) {
    if (sorted[c][count - 1 - outside] - sorted[c][outside] + 1 > 8) return "";
  }
  return "nearly uniform";
}

// Whatever the rows that are looked at first are like, the verdict is that of all rows.
TEST(ImageExposure, RowsInAnyOrder) {
  std::mt19937 random(3);
  std::map<std::string, int> seen;
  for (int i = 0; i < 600; ++i) {
    const int height = i % 3 == 0 ? 1 + i % 40 : 1000 + 5 * i;
    const int ground = std::array<int, 4>{3, 14, 100, 242}[random() % 4];
    cv::Mat mat(height, 30, CV_8UC3, cv::Scalar(ground, ground + i % 4, ground));
    // Rows of another grey, some beside each other and some sixteen apart, about as many as make the difference.
    const int apart = random() % 2 == 0 ? 1 : 16, grey = static_cast<int>(random() % 256);
    int y = static_cast<int>(random() % 17);
    for (int left = static_cast<int>(random() % 5) * height / 1500; left >= 0 && y < height; --left, y += apart) {
      mat.row(y).setTo(cv::Scalar(grey, grey, grey));
    }
    const Image image = to_image(mat);
    const std::string want = sorted_verdict(image);
    EXPECT_EQ(exposure_note(image).substr(0, exposure_note(image).find(':')), want) << i;
    ++seen[want];
  }
  for (const char* verdict : {"", "nearly black", "nearly white", "nearly uniform"}) EXPECT_GT(seen[verdict], 30);
}

TEST(ImageExposure, FewOfSixteenBits) {
  for (const int bits : {8, 10, 12, 14, 15, 16}) {
    cv::Mat mat(60, 80, CV_16UC3);
    std::mt19937 random(2);
    for (int y = 0; y < mat.rows; ++y) {
      for (int i = 0; i < 3 * mat.cols; ++i)
        mat.ptr<std::uint16_t>(y)[i] = static_cast<std::uint16_t>(random() % (1U << bits));
    }
    const std::string want = bits > 14 ? "" : "its values use " + std::to_string(bits) + " of 16 bits: too dark";
    for (const char* extension : {".png", ".tiff"}) {
      EXPECT_EQ(note_of(encode(extension, mat)).substr(0, want.size() + (want.empty() ? 1 : 0)), want)
          << bits << extension;
      cv::Mat grey;
      cv::extractChannel(mat, grey, 1);
      EXPECT_EQ(note_of(encode(extension, grey)).substr(0, want.size() + (want.empty() ? 1 : 0)), want)
          << bits << extension << " grey";
    }
  }
  EXPECT_EQ(sample_bits_note(0), "") << "black says it";
}

TEST(ImageExposure, NoPhotographIsTakenForNothing) {
  std::vector<std::string> paths = photographs();
  for (const auto& entry : std::filesystem::directory_iterator(source_root() / "weights" / "samples")) {
    if (is_image_name(entry.path().string())) paths.push_back(entry.path().string());
  }
  for (const std::string& path : paths) EXPECT_EQ(read_picture(path).note, "") << path;
}

}  // namespace
}  // namespace fovea::image_test
