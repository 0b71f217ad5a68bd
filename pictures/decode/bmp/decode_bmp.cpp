// BMP: rows of colours, of palette indices, or runs of these. Written out here because OpenCV prints what it finds
// wrong in a header, and loads some hundred libraries for formats that are not taken.
#include <algorithm>

#include "pictures/decode/bmp/bmp_header.h"
#include "pictures/decode/bmp/bmp_rle.h"
#include "pictures/prepare/make_image.h"

namespace fovea {
namespace {

/// Pixel x of a row of indices; the first pixel is in a byte's highest bits.
std::size_t index_at(const std::uint8_t* row, std::int64_t x, std::int64_t bits) {
  const std::int64_t bit = x * bits;
  return row[bit / 8] >> (8 - bits - bit % 8) & ((1 << bits) - 1);
}

Colour colour_at(const BmpHeader& header, const std::uint8_t* row, std::int64_t x) {
  if (header.bits <= 8) return header.palette[index_at(row, x, header.bits)];
  if (header.bits == 24) return {row[3 * x + 2], row[3 * x + 1], row[3 * x]};
  std::uint32_t pixel = 0;
  for (std::int64_t i = header.bits / 8 - 1; i >= 0; --i) pixel = pixel << 8 | row[x * (header.bits / 8) + i];
  return {header.masks[0].of(pixel), header.masks[1].of(pixel), header.masks[2].of(pixel)};
}

BmpRun read_rows(const EncodedImage& file, const BmpHeader& header, const Deadline& deadline, Image& image) {
  const auto size = static_cast<std::int64_t>(file.size);
  for (std::int64_t stored_y = 0; stored_y < header.height; ++stored_y) {
    deadline.check();
    const std::int64_t at = header.pixels_at + stored_y * header.row_bytes();
    if (at + header.used_row_bytes() > size) return {"its rows are cut off", nullptr, stored_y};
    const std::int64_t y = header.top_down ? stored_y : header.height - 1 - stored_y;
    std::uint8_t* out = image.pixels.data() + 3 * y * header.width;
    for (std::int64_t x = 0; x < header.width; ++x) {
      const Colour colour = colour_at(header, file.data + at, x);
      out = std::copy(colour.begin(), colour.end(), out);
    }
  }
  const bool padded = header.pixels_at + header.height * header.row_bytes() <= size;
  return {nullptr, padded ? nullptr : "the BMP file lacks the padding of its last row; no pixel is missing",
          header.height};
}

}  // namespace

DecodedImage decode_bmp(const EncodedImage& file) {
  const Deadline deadline(file.options.limits.time);
  const BmpHeader header = read_bmp_header(file);
  const std::int64_t needed = header.pixels_at + header.row_bytes() * (header.height - 1) + header.used_row_bytes();
  if (!header.rle && needed > static_cast<std::int64_t>(file.size) && !file.options.accept_damaged) {
    throw Error("damaged BMP: " + std::to_string(file.size) + " bytes do not hold its " + std::to_string(header.width) +
                "x" + std::to_string(header.height) + " pixels");
  }
  MemoryShare memory = share_for(file, as_size(header.width * header.height) * 3);
  Image image = make_image(static_cast<int>(header.width), static_cast<int>(header.height));
  const BmpRun run = (header.rle ? decode_bmp_runs : read_rows)(file, header, deadline, image);
  if (run.damage == nullptr) return {std::move(image), 1, run.note == nullptr ? "" : run.note, std::move(memory)};
  const std::string reason = std::string("damaged BMP: ") + run.damage;
  if (!file.options.accept_damaged || run.rows == 0) throw Error(reason);
  const std::string share = std::to_string(100 - 100 * run.rows / header.height);
  return {std::move(image), 1,
          reason + "; " + std::to_string(header.height - run.rows) + " of " + std::to_string(header.height) +
              " rows are missing (" + share + " % of the picture)",
          std::move(memory)};
}

}  // namespace fovea
