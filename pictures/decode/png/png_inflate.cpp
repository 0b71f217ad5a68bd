// libdeflate for all at once, zlib for row after row.
#include "pictures/decode/png/png_inflate.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

namespace fovea {
namespace {

constexpr std::size_t kMostAtOnce = std::size_t{64} << 20;
// Data behind the last row is passed over, as libpng does, but not without end.
constexpr std::size_t kSlack = std::size_t{1} << 16;
constexpr const char* kDamaged = "cannot be decompressed";

}  // namespace

struct PngRows::Stream {
  z_stream zlib{};
  std::size_t left = 0;  // of the input, beyond what zlib was given

  explicit Stream(const PngFile& png) : left(png.compressed.size()) {
    zlib.next_in = const_cast<Bytef*>(png.compressed.data());
    if (inflateInit(&zlib) != Z_OK) throw std::bad_alloc();
  }
  ~Stream() { inflateEnd(&zlib); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// zlib counts in 32 bits.
  int run(std::uint8_t* out, std::size_t size) {
    zlib.next_out = out;
    zlib.avail_out = static_cast<uInt>(size);
    for (;;) {
      if (zlib.avail_in == 0) {
        const std::size_t more = std::min(left, std::size_t{1} << 30);
        zlib.avail_in = static_cast<uInt>(more);
        left -= more;
      }
      const int result = inflate(&zlib, Z_NO_FLUSH);
      if (result != Z_OK || zlib.avail_out == 0 || (zlib.avail_in == 0 && left == 0)) return result;
    }
  }
};

PngRows::PngRows(const PngFile& png, std::size_t size, std::size_t longest) : longest_(longest) {
  if (size <= kMostAtOnce && inflate_all(png, size)) return;
  data_ = std::make_unique_for_overwrite<std::uint8_t[]>(2 * longest);
  stream_ = std::make_unique<Stream>(png);
}

PngRows::~PngRows() = default;

std::size_t PngRows::memory(std::size_t size, std::size_t longest) {
  constexpr std::size_t kState = std::size_t{1} << 16;
  return (size <= kMostAtOnce ? size + kSlack : 2 * longest) + kState;
}

bool PngRows::inflate_all(const PngFile& png, std::size_t size) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> state(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (state == nullptr) throw std::bad_alloc();
  data_ = std::make_unique_for_overwrite<std::uint8_t[]>(size + kSlack);
  std::size_t got = 0;
  const libdeflate_result result = libdeflate_zlib_decompress(state.get(), png.compressed.data(), png.compressed.size(),
                                                              data_.get(), size + kSlack, &got);
  if (result == LIBDEFLATE_SUCCESS && got >= size) return true;
  data_.reset();
  return false;
}

std::uint8_t* PngRows::next(std::size_t size) {
  if (stream_ == nullptr) {
    std::uint8_t* row = data_.get() + at_;
    at_ += size;
    return row;
  }
  std::uint8_t* row = data_.get() + (second_ ? longest_ : 0);
  second_ = !second_;
  const int result = stream_->run(row, size);
  if (stream_->zlib.avail_out == 0) return row;
  reason_ = result == Z_STREAM_END || result == Z_OK || result == Z_BUF_ERROR ? "not enough pixels" : kDamaged;
  return nullptr;
}

bool PngRows::finish() {
  if (stream_ == nullptr) return true;
  std::array<std::uint8_t, kSlack> rest{};
  const int result = stream_->run(rest.data(), rest.size());
  cut_off_ = result == Z_OK || result == Z_BUF_ERROR;
  if (result == Z_STREAM_END || (cut_off_ && stream_->zlib.avail_out > 0)) return true;
  reason_ = cut_off_ ? "too many pixels" : kDamaged;
  return false;
}

}  // namespace fovea
