// What the image tests share: real photographs, made pictures, scratch files, comparison byte by byte.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>
#include <vector>

#include <fovea/error.h>
#include "pictures/decode/image.h"

namespace fovea::image_test {

using Bytes = std::vector<std::uint8_t>;

/// Folder of the repository.
inline std::filesystem::path source_root() { return FOVEA_SOURCE_DIR; }

/// Folder of real data; it need not exist.
inline std::filesystem::path shared_data() {
  const char* value = std::getenv("FOVEA_SHARED_DATA");
  return value != nullptr ? std::filesystem::path(value) : source_root().parent_path() / "shared" / "data";
}

/// All real photographs, sorted; none where the data is absent.
inline std::vector<std::string> photographs() {
  std::vector<std::string> paths;
  std::error_code absent;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shared_data() / "images", absent)) {
    if (is_image_name(entry.path().string())) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// A folder that is removed with its contents.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "fovea-image-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw Error("no temporary folder");
    folder_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const Bytes& bytes) const {
    std::ofstream(path(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }

 private:
  std::filesystem::path folder_;
};

inline Bytes read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

/// Independent random bytes: no two neighbours alike, every rounding met.
inline cv::Mat noise(int width, int height, int type = CV_8UC3, unsigned seed = 1) {
  cv::Mat mat(height, width, type);
  std::mt19937 random(seed);
  for (int y = 0; y < height; ++y) {
    std::uint8_t* row = mat.ptr(y);
    for (std::size_t i = 0; i < mat.elemSize() * static_cast<std::size_t>(width); ++i) {
      row[i] = static_cast<std::uint8_t>(random());
    }
  }
  return mat;
}

/// A bright disc with smooth shading and some noise on black: the histogram of a fundus photograph.
inline cv::Mat disc(int width, int height) {
  cv::Mat mat = cv::Mat::zeros(height, width, CV_8UC3);
  std::mt19937 random(7);
  const double radius = 0.45 * std::min(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double r = std::hypot(x - width / 2.0, y - height / 2.0) / radius;
      if (r > 1) continue;
      const double noise = static_cast<double>(random() % 16);
      mat.at<cv::Vec3b>(y, x) = cv::Vec3b(cv::saturate_cast<std::uint8_t>(40 - 30 * r + noise),
                                          cv::saturate_cast<std::uint8_t>(90 - 50 * r + noise),
                                          cv::saturate_cast<std::uint8_t>(200 - 60 * r + noise));
    }
  }
  return mat;
}

/// OpenCV's BGR to fovea's RGB and back.
inline Image to_image(const cv::Mat& bgr) {
  Image image{bgr.cols, bgr.rows, Bytes(bgr.total() * 3)};
  cv::Mat rgb(bgr.rows, bgr.cols, CV_8UC3, image.pixels.data());
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  return image;
}

/// "" if the picture is `bgr` byte by byte, else where they differ first.
inline std::string difference(const Image& got, const cv::Mat& bgr) {
  if (bgr.empty()) return "the oracle has no picture";
  const Image want = to_image(bgr);
  if (got.width != want.width || got.height != want.height) {
    return std::to_string(got.width) + "x" + std::to_string(got.height) + ", the oracle has " +
           std::to_string(want.width) + "x" + std::to_string(want.height);
  }
  if (got.pixels.size() != want.pixels.size()) return "not as many bytes as pixels";
  const auto at = std::mismatch(got.pixels.begin(), got.pixels.end(), want.pixels.begin());
  if (at.first == got.pixels.end()) return "";
  return "byte " + std::to_string(at.first - got.pixels.begin()) + " is " + std::to_string(*at.first) +
         ", the oracle has " + std::to_string(*at.second);
}

/// The message of the Error that `action` throws, "no error" if none.
template <typename Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace fovea::image_test
