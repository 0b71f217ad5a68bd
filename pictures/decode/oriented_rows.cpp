// Stored rows that become rows are written at once. Those that become columns wait until there are sixteen, so that
// a row of the result is reached for sixteen pixels and not for each.
#include "pictures/decode/oriented_rows.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "pictures/prepare/make_image.h"

namespace fovea {
namespace {

constexpr int kColumns = 16;

/// orientation - 1 -> how the stored picture is turned: mirrored and flipped after it was transposed.
struct Turn {
  bool transpose, mirror, flip;
};
constexpr std::array<Turn, 8> kTurns = {{{false, false, false},
                                         {false, true, false},
                                         {false, true, true},
                                         {false, false, true},
                                         {true, false, false},
                                         {true, true, false},
                                         {true, true, true},
                                         {true, false, true}}};

}  // namespace

OrientedRows::OrientedRows(int width, int height, int orientation) : width_(width), height_(height) {
  const Turn turn = kTurns[orientation < 1 || orientation > 8 ? 0 : static_cast<std::size_t>(orientation - 1)];
  image_ = turn.transpose ? make_image(height, width) : make_image(width, height);
  const std::ptrdiff_t line = std::ptrdiff_t{3} * image_.width;
  if (turn.mirror) origin_ += line - 3;
  if (turn.flip) origin_ += line * (image_.height - 1);
  const std::ptrdiff_t right = turn.mirror ? -3 : 3, below = turn.flip ? -line : line;
  along_ = turn.transpose ? below : right;
  down_ = turn.transpose ? right : below;
  if (turn.transpose) waiting_.resize(as_size(width) * 3 * kColumns);
}

std::uint8_t* OrientedRows::row(int y) {
  if (!waiting_.empty()) return waiting_.data() + std::ptrdiff_t{3} * width_ * (y % kColumns);
  return along_ > 0 ? pixel(0, y) : pixel(width_ - 1, y);
}

void OrientedRows::done(int y) {
  rows_done_ = y + 1;
  if (!waiting_.empty()) {
    if (y % kColumns == kColumns - 1 || y == height_ - 1) put_columns(y - y % kColumns, y % kColumns + 1);
    return;
  }
  if (along_ > 0) return;
  std::uint8_t* left = row(y);
  for (std::uint8_t* right = left + std::ptrdiff_t{3} * (width_ - 1); left < right; left += 3, right -= 3) {
    std::swap_ranges(left, left + 3, right);
  }
}

void OrientedRows::put_columns(int y, int count) {
  for (int x = 0; x < width_; ++x) {
    const std::uint8_t* in = waiting_.data() + std::ptrdiff_t{3} * x;
    std::uint8_t* out = pixel(x, y);
    for (int i = 0; i < count; ++i, in += std::ptrdiff_t{3} * width_, out += down_) {
      out[0] = in[0];
      out[1] = in[1];
      out[2] = in[2];
    }
  }
}

Image OrientedRows::take() {
  const int rest = rows_done_ == height_ ? 0 : rows_done_ % kColumns;
  if (!waiting_.empty() && rest > 0) put_columns(rows_done_ - rest, rest);
  return std::move(image_);
}

std::size_t oriented_bytes(std::int64_t width, std::int64_t height) {
  return as_size(width) * as_size(height) * 3 + as_size(width) * 3 * kColumns;
}

}  // namespace fovea
