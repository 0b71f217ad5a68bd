// Two bytes say what comes: a run of one byte's pixels (count, byte), or after a 0: the row's end (0), the picture's
// (1), pixels to skip (2, across, up), or so many single ones, padded to two bytes.
#include "pictures/decode/bmp/bmp_rle.h"

#include <algorithm>

namespace fovea {
namespace {

enum Code : std::uint8_t { end_of_row, end_of_picture, skip };

/// The next pixel to be painted. The end of a row is the beginning of the next only once something is painted there.
class Brush {
 public:
  Brush(const BmpHeader& header, Image& image) : header_(header), image_(image) {}

  std::int64_t x() const { return x_; }
  std::int64_t y() const { return y_; }
  std::int64_t left_in_row() const { return header_.width - x_; }
  bool done() const { return y_ >= header_.height; }
  bool at_last_place() const { return y_ == header_.height - 1 && x_ == header_.width; }

  void put(std::size_t index) {
    const std::int64_t row = header_.top_down ? y_ : header_.height - 1 - y_;
    const Colour& colour = header_.palette[index];
    std::copy(colour.begin(), colour.end(), image_.pixels.begin() + 3 * (row * header_.width + x_));
    ++x_;
  }
  void next_row() {
    x_ = 0;
    ++y_;
  }
  /// Over the ends of rows; with nothing to paint at a row's end, the next row begins.
  void paint_first_colour(std::int64_t count) {
    do {
      for (; count > 0 && x_ < header_.width; --count) put(0);
      if (x_ == header_.width) next_row();
    } while (count > 0 && !done());
  }

 private:
  const BmpHeader& header_;
  Image& image_;
  std::int64_t x_ = 0, y_ = 0;
};

}  // namespace

BmpRun decode_bmp_runs(const EncodedImage& file, const BmpHeader& header, const Deadline& deadline, Image& image) {
  Brush brush(header, image);
  const bool half = header.bits == 4;
  const auto index = [half](std::uint8_t byte, std::int64_t i) -> std::size_t {
    return half ? (i % 2 == 0 ? byte >> 4 : byte & 15) : byte;
  };
  const auto ends = [&](const char* damage) { return BmpRun{damage, nullptr, brush.y()}; };
  bool row_ended_by_run = false;
  std::size_t at = static_cast<std::size_t>(header.pixels_at);
  const auto has = [&](std::size_t bytes) { return bytes <= file.size - at; };
  while (!brush.done()) {
    deadline.check();
    if (!has(2)) {
      if (!brush.at_last_place()) return ends("its runs are cut off");
      return {nullptr, "the BMP file has no end of its runs; no pixel is missing", header.height};
    }
    const std::int64_t count = file.data[at];
    const std::uint8_t code = file.data[at + 1];
    at += 2;
    if (count != 0) {
      if (count > brush.left_in_row()) return ends("a run is longer than its row");
      for (std::int64_t i = 0; i < count; ++i) brush.put(index(code, i));
      row_ended_by_run = !half && brush.left_in_row() == 0;
      if (row_ended_by_run) brush.next_row();
    } else if (code > skip) {
      const std::size_t bytes = half ? (std::size_t{code} + 1) / 2 : code;
      if (code > brush.left_in_row()) return ends("a run is longer than its row");
      if (!has(bytes)) return ends("its runs are cut off");
      for (std::int64_t i = 0; i < code; ++i)
        brush.put(index(file.data[at + static_cast<std::size_t>(half ? i / 2 : i)], i));
      at += std::min(bytes + bytes % 2, file.size - at);
      row_ended_by_run = false;
    } else {
      std::int64_t skipped = brush.left_in_row();
      if (code == end_of_picture) skipped += header.width * (header.height - brush.y());
      if (code == skip) {
        if (!has(2)) return ends("its runs are cut off");
        skipped = file.data[at] + file.data[at + 1] * header.width;
        at += 2;
      }
      // The end of a row that a run has just ended is no other row's.
      const bool told_before = code == end_of_row && row_ended_by_run && brush.x() == 0;
      if (!told_before) brush.paint_first_colour(skipped);
      row_ended_by_run = false;
    }
  }
  return {nullptr, nullptr, header.height};
}

}  // namespace fovea
