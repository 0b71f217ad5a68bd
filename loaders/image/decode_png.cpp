// PNG with libdeflate, and the conversions that OpenCV asks libpng for: 16 bits to their upper 8, palette and grey to
// RGB, alpha dropped, no gamma; the orientation of an eXIf chunk. All pixels are inflated at
// once, in a buffer of the size that the header asks for.
#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "loaders/image/decoders.h"
#include "loaders/image/make_image.h"
#include "loaders/image/png_chunks.h"
#include "loaders/image/png_filter.h"

namespace fovea {
namespace {

// Deflate's best is 258 bytes out of two bits, 1032 to one.
constexpr std::int64_t kMaxInflation = 1032;
// Data behind the last row is passed over, as libpng does, but not without end.
constexpr std::size_t kSlack = std::size_t{1} << 16;

// The pixels of one pass: (x0 + i * dx, y0 + j * dy). A picture that is not interlaced is one pass.
struct Pass {
  int x0, y0, dx, dy;
  std::int64_t columns(const PngHeader& h) const { return (h.width - x0 + dx - 1) / dx; }
  std::int64_t rows(const PngHeader& h) const { return (h.height - y0 + dy - 1) / dy; }
  std::int64_t bytes(const PngHeader& h) const {
    return columns(h) <= 0 || rows(h) <= 0 ? 0 : rows(h) * (1 + h.row_bytes(columns(h)));
  }
};

std::vector<Pass> passes(const PngHeader& header) {
  if (!header.interlaced) return {{0, 0, 1, 1}};
  return {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
}

std::unique_ptr<std::uint8_t[]> inflate(const PngFile& png, std::size_t size) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> state(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (state == nullptr) throw std::bad_alloc();
  auto data = std::make_unique_for_overwrite<std::uint8_t[]>(size + kSlack);
  std::size_t got = 0;
  const libdeflate_result result = libdeflate_zlib_decompress(state.get(), png.compressed.data(), png.compressed.size(),
                                                              data.get(), size + kSlack, &got);
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) damaged_png("IDAT: too many pixels");
  if (result != LIBDEFLATE_SUCCESS) damaged_png("IDAT: cannot be decompressed");
  if (got < size) damaged_png("IDAT: not enough pixels");
  return data;
}

// Sample `i` of an unfiltered row, as 8 bits; samples of less than 8 as they are.
std::uint8_t sample(const PngHeader& header, const std::uint8_t* row, std::int64_t i) {
  if (header.depth == 16) return row[2 * i];
  if (header.depth == 8) return row[i];
  const std::int64_t bit = i * header.depth;
  return static_cast<std::uint8_t>(row[bit / 8] >> (8 - header.depth - bit % 8) & ((1 << header.depth) - 1));
}

// Pixel `x` of an unfiltered row as RGB.
void to_rgb(const PngFile& png, const std::uint8_t* row, std::int64_t x, std::uint8_t* rgb) {
  const PngHeader& header = png.header;
  const std::int64_t first = x * header.samples();
  switch (header.colour) {
    case PngColour::rgb:
    case PngColour::rgb_alpha:
      for (int c = 0; c < 3; ++c) rgb[c] = sample(header, row, first + c);
      break;
    case PngColour::palette:
      std::copy_n(png.palette.data() + 3 * sample(header, row, first), 3, rgb);
      break;
    default: {
      const int scale = header.depth < 8 ? 255 / ((1 << header.depth) - 1) : 1;
      std::fill_n(rgb, 3, static_cast<std::uint8_t>(sample(header, row, first) * scale));
    }
  }
}

// Unfilters the rows of a pass and puts its pixels where they belong.
void read_pass(const PngFile& png, const Pass& pass, std::uint8_t* data, Image& image) {
  const PngHeader& header = png.header;
  const std::int64_t columns = pass.columns(header), rows = pass.rows(header);
  const auto row_bytes = static_cast<std::size_t>(header.row_bytes(columns));
  const auto pixel = static_cast<std::size_t>(std::max(1, header.samples() * header.depth / 8));
  // Rows of 8-bit RGB are the picture's own.
  const bool as_they_are = header.colour == PngColour::rgb && header.depth == 8 && !header.interlaced;
  const std::vector<std::uint8_t> zeros(row_bytes);
  const std::uint8_t* above = zeros.data();
  for (std::int64_t j = 0; j < rows; ++j, data += row_bytes + 1) {
    const std::int64_t y = pass.y0 + j * pass.dy;
    std::uint8_t* pixels = image.pixels.data() + 3 * (y * header.width + pass.x0);
    std::uint8_t* row = as_they_are ? pixels : data + 1;
    if (!undo_png_filter(data, above, row_bytes, pixel, row)) damaged_png("IDAT: unknown filter");
    above = row;
    if (as_they_are) continue;
    for (std::int64_t i = 0; i < columns; ++i) to_rgb(png, row, i, pixels + 3 * i * pass.dx);
  }
}

}  // namespace

DecodedImage decode_png(const EncodedImage& file) {
  const PngFile png = read_png_chunks(file);
  std::int64_t size = 0;
  for (const Pass& pass : passes(png.header)) size += pass.bytes(png.header);
  if (size / kMaxInflation > static_cast<std::int64_t>(png.compressed.size())) {
    damaged_png(std::to_string(file.size) + " bytes cannot hold " + std::to_string(png.header.width) + "x" +
                std::to_string(png.header.height) + " pixels");
  }
  const std::unique_ptr<std::uint8_t[]> data = inflate(png, static_cast<std::size_t>(size));
  Image image = make_image(static_cast<int>(png.header.width), static_cast<int>(png.header.height));
  std::uint8_t* next = data.get();
  for (const Pass& pass : passes(png.header)) {
    if (pass.bytes(png.header) == 0) continue;
    read_pass(png, pass, next, image);
    next += pass.bytes(png.header);
  }
  return {orient(std::move(image), png.orientation), 1, ""};
}

}  // namespace fovea
