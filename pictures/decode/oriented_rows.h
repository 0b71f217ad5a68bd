// Rows of a picture as a file stores them, put where the picture's orientation wants them without a second copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <fovea/prepare.h>

namespace fovea {

/// Makes a picture from stored rows of width x height, as EXIF's orientation 1 to 8 says; other values leave it as it
/// is.
class OrientedRows {
 public:
  OrientedRows(int width, int height, int orientation);

  /// Where row y as stored is to be written: [width][3]. Rows come in order, top to bottom, and `done` follows each.
  std::uint8_t* row(int y);
  void done(int y);
  /// Where one pixel as stored lies in the picture, for decoders that do not go by rows. Not to be mixed with `row`.
  std::uint8_t* pixel(int x, int y) { return image_.pixels.data() + origin_ + x * along_ + y * down_; }
  /// True where `row` points into the picture and rows stay as they were written.
  bool in_place() const { return along_ == 3; }

  /// What is decoded so far; what is not is black.
  Image take();

 private:
  void put_columns(int y, int count);

  int width_, height_, rows_done_ = 0;
  Image image_;
  std::ptrdiff_t origin_ = 0, along_ = 3, down_ = 0;  ///< from a stored pixel to its right and its lower neighbour
  std::vector<std::uint8_t> waiting_;                 ///< rows that become columns
};

/// Bytes of an OrientedRows.
std::size_t oriented_bytes(std::int64_t width, std::int64_t height);

}  // namespace fovea
