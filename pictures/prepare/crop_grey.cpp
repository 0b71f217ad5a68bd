// Drops the dark rows and columns around (and, as the notebooks' mask indexing does, inside) a fundus photograph.
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "pictures/prepare/make_image.h"
#include "pictures/prepare/steps.h"

namespace fovea {
namespace {

// As OpenCV's cvtColor weighs red, green and blue, in units of 2^-15.
int grey(const std::uint8_t* rgb) { return (9798 * rgb[0] + 19235 * rgb[1] + 3735 * rgb[2] + (1 << 14)) >> 15; }

/// Which rows and columns have a pixel that is brighter than the tolerance.
class Bright {
 public:
  Bright(const Image& image, int tolerance) : image_(image), tolerance_(tolerance) {
    for (int x = 0; x < image.width; ++x) dark_columns_.push_back(x);
    for (int y = 0; y < image.height; ++y) {
      if (look_at_row(y)) rows_.push_back(y);
    }
  }
  const std::vector<int>& rows() const { return rows_; }

  /// First and one past the last of each run of columns.
  std::vector<std::pair<int, int>> column_runs() const {
    std::vector<std::pair<int, int>> runs;
    int begin = 0;
    for (const int dark : dark_columns_) {
      if (dark > begin) runs.emplace_back(begin, dark);
      begin = dark + 1;
    }
    if (begin < image_.width) runs.emplace_back(begin, image_.width);
    return runs;
  }

 private:
  // Few columns stay dark for long, and most rows have something bright near their middle.
  bool look_at_row(int y) {
    const std::uint8_t* row = image_.pixels.data() + std::int64_t{3} * image_.width * y;
    const auto is_bright = [&](int x) { return grey(row + 3 * x) > tolerance_; };
    const bool found = std::erase_if(dark_columns_, is_bright) > 0;
    const int width = image_.width, middle = width / 2;
    for (int i = 0; !found && i < width; ++i) {
      if (is_bright(i < width - middle ? middle + i : i - (width - middle))) return true;
    }
    return found;
  }

  const Image& image_;
  int tolerance_;
  std::vector<int> rows_, dark_columns_;
};

}  // namespace

Image crop_grey(const CropGrey& step, Image image) {
  const Bright bright(image, step.tolerance);
  if (bright.rows().empty()) return image;
  const std::vector<std::pair<int, int>> runs = bright.column_runs();

  // In place: nothing moves to behind where it was.
  std::uint8_t* out = image.pixels.data();
  for (const int y : bright.rows()) {
    const std::uint8_t* row = image.pixels.data() + std::int64_t{3} * image.width * y;
    for (const auto& [begin, end] : runs) {
      const auto bytes = std::size_t{3} * static_cast<std::size_t>(end - begin);
      std::memmove(out, row + std::int64_t{3} * begin, bytes);
      out += bytes;
    }
  }
  image.pixels.resize(static_cast<std::size_t>(out - image.pixels.data()));
  image.height = static_cast<int>(bright.rows().size());
  image.width = static_cast<int>(image.pixels.size() / 3 / static_cast<std::size_t>(image.height));
  return image;
}

}  // namespace fovea
