// Real photographs from the file to the network's pixels, against Python's OpenCV (oracle.py), byte by byte.
// Needs the photographs and a Python with OpenCV (FOVEA_TEST_PYTHON names it); skips with a line where either is
// absent.
#include <fovea/card.h>
#include "tests/pictures/files.h"

namespace fovea::image_test {
namespace {

const std::vector<std::string> kPresets = {"gaussian-700", "ben-graham-320", "imagenet-caffe", "none"};

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

Image read_oracle(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Image image;
  file >> image.width >> image.height;
  file.get();
  image.pixels = Bytes(std::istreambuf_iterator<char>(file), {});
  return image;
}

std::string difference_of(const Image& got, const Image& want) {
  if (want.pixels.empty()) return "the oracle has no picture";
  if (got.width != want.width || got.height != want.height || got.pixels.size() != want.pixels.size()) {
    return "sizes differ: " + std::to_string(got.width) + "x" + std::to_string(got.height) + " and " +
           std::to_string(want.width) + "x" + std::to_string(want.height);
  }
  std::size_t count = 0;
  for (std::size_t i = 0; i < got.pixels.size(); ++i) count += got.pixels[i] != want.pixels[i];
  return count == 0 ? "" : std::to_string(count) + " of " + std::to_string(got.pixels.size()) + " bytes differ";
}

std::string python_with_opencv() {
  const char* value = std::getenv("FOVEA_TEST_PYTHON");
  return value != nullptr ? value : FOVEA_TEST_PYTHON;
}

/// The blur takes a tenth of a second for the small ones, seconds for the large, of which two do where not
/// FOVEA_FULL=1.
std::vector<std::string> chosen_photographs() {
  if (std::getenv("FOVEA_FULL") != nullptr) return photographs();
  std::vector<std::string> chosen;
  int large = 0;
  for (const std::string& path : photographs()) {
    if (std::filesystem::file_size(path) < 600000 || ++large <= 2) chosen.push_back(path);
  }
  return chosen;
}

TEST(ImageOracle, PythonsOpenCvGivesTheSameBytes) {
  const std::string python = python_with_opencv();
  if (python.empty()) GTEST_SKIP() << "FOVEA_TEST_PYTHON is not set: no Python to compare with";
  if (std::system((quoted(python) + " -c 'import cv2, numpy' 2>/dev/null").c_str()) != 0) {
    GTEST_SKIP() << python << " has no OpenCV to compare with";
  }
  const std::vector<std::string> paths = chosen_photographs();
  if (paths.empty()) GTEST_SKIP() << "no photographs in " << shared_data();

  const Scratch scratch;
  const std::string script = (source_root() / "tests" / "pictures" / "oracle.py").string();
  std::string command = quoted(python) + " " + quoted(script) + " " + quoted(scratch.path(""));
  for (const std::string& path : paths) command += " " + quoted(path);
  ASSERT_EQ(std::system(command.c_str()), 0);

  for (std::size_t i = 0; i < paths.size(); ++i) {
    const Image picture = read_image(paths[i]);
    for (const std::string& preset : kPresets) {
      const Image want = read_oracle(scratch.path(std::to_string(i) + "." + preset + ".rgb"));
      EXPECT_EQ(difference_of(apply_steps(picture, preset_card(preset).preprocessing, want.width, want.height), want),
                "")
          << preset << " " << paths[i];
    }
  }
}

}  // namespace
}  // namespace fovea::image_test
