// PNG as OpenCV asks libpng for it: 16 bits to their upper 8, palette and grey to RGB, alpha dropped, no gamma; the
// orientation of an eXIf chunk. Row by row: no picture of 16 bits or with alpha lies whole in memory.
#include <algorithm>
#include <vector>

#include "pictures/decode/decoders.h"
#include "pictures/decode/exposure.h"
#include "pictures/decode/oriented_rows.h"
#include "pictures/decode/png/png_chunks.h"
#include "pictures/decode/png/png_filter.h"
#include "pictures/decode/png/png_inflate.h"
#include "pictures/prepare/make_image.h"

namespace fovea {
namespace {

// Deflate's best is 258 bytes out of two bits, 1032 to one.
constexpr std::int64_t kMaxInflation = 1032;

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

// The OR of all colours of a row with 16 bits a sample.
unsigned colour_bits(const PngHeader& header, const std::uint8_t* row, std::int64_t columns) {
  const int samples = header.samples(), colours = samples >= 3 ? 3 : 1;
  unsigned bits = 0;
  for (std::int64_t i = 0; i < columns; ++i, row += 2 * samples) {
    for (int c = 0; c < colours; ++c) bits |= static_cast<unsigned>(row[2 * c]) << 8 | row[2 * c + 1];
  }
  return bits;
}

// How far the rows of all passes came.
struct Progress {
  std::int64_t rows = 0, all = 0;
  std::size_t passes = 0;
  unsigned bits = 0;  // the OR of all colours, where a sample has 16
  const char* reason = "";
};

// Unfilters the rows of a pass and puts its pixels where they belong. False where its data ends.
bool read_pass(const PngFile& png, const Pass& pass, const Deadline& deadline, PngRows& data, OrientedRows& picture,
               Progress& progress) {
  const PngHeader& header = png.header;
  const std::int64_t columns = pass.columns(header), rows = pass.rows(header);
  const auto row_bytes = static_cast<std::size_t>(header.row_bytes(columns));
  const auto pixel = static_cast<std::size_t>(std::max(1, header.samples() * header.depth / 8));
  // Rows of 8-bit RGB are the picture's own.
  const bool as_they_are =
      header.colour == PngColour::rgb && header.depth == 8 && !header.interlaced && picture.in_place();
  const std::vector<std::uint8_t> zeros(row_bytes);
  const std::uint8_t* above = zeros.data();
  for (std::int64_t j = 0; j < rows; ++j) {
    deadline.check();
    std::uint8_t* filtered = data.next(row_bytes + 1);
    const int y = static_cast<int>(pass.y0 + j * pass.dy);
    std::uint8_t* pixels = header.interlaced ? nullptr : picture.row(y);
    std::uint8_t* row = as_they_are || filtered == nullptr ? pixels : filtered + 1;
    if (filtered == nullptr || !undo_png_filter(filtered, above, row_bytes, pixel, row)) {
      progress.reason = filtered == nullptr ? data.reason() : "unknown filter";
      return false;
    }
    above = row;
    if (header.depth == 16) progress.bits |= colour_bits(header, row, columns);
    for (std::int64_t i = 0; !as_they_are && i < columns; ++i) {
      to_rgb(png, row, i,
             header.interlaced ? picture.pixel(static_cast<int>(pass.x0 + i * pass.dx), y) : pixels + 3 * i);
    }
    if (!header.interlaced) picture.done(y);
    ++progress.rows;
  }
  return true;
}

std::string damage_text(const PngFile& png, const Progress& progress, std::size_t passes) {
  const std::string text =
      "damaged PNG: " + (png.damage.empty() ? std::string("IDAT: ") + progress.reason : png.damage);
  if (progress.rows == progress.all) return text + "; how much of the picture is wrong cannot be told";
  if (png.header.interlaced) {
    return text + "; the picture lacks detail, as only " + std::to_string(progress.passes) + " of its " +
           std::to_string(passes) + " passes are whole";
  }
  return text + "; wrong from row " + std::to_string(progress.rows) + " of " + std::to_string(progress.all) + " on (" +
         std::to_string(100 - 100 * progress.rows / progress.all) + " % of the picture), as stored";
}

}  // namespace

DecodedImage decode_png(const EncodedImage& file) {
  const Deadline deadline(file.options.limits.time);
  const PngFile png = read_png_chunks(file);
  std::int64_t size = 0, longest = 0;
  Progress progress;
  for (const Pass& pass : passes(png.header)) {
    const std::int64_t bytes = pass.bytes(png.header);
    if (bytes == 0) continue;
    size += bytes;
    progress.all += pass.rows(png.header);
    longest = std::max(longest, bytes / pass.rows(png.header));
  }
  if (size / kMaxInflation > static_cast<std::int64_t>(png.compressed.size()) && !file.options.accept_damaged) {
    damaged_png(std::to_string(file.size) + " bytes cannot hold " + std::to_string(png.header.width) + "x" +
                std::to_string(png.header.height) + " pixels");
  }
  MemoryShare memory = share_for(file, oriented_bytes(png.header.width, png.header.height) + png.compressed.size() +
                                           PngRows::memory(as_size(size), as_size(longest)));
  PngRows rows(png, as_size(size), as_size(longest));
  OrientedRows picture(static_cast<int>(png.header.width), static_cast<int>(png.header.height), png.orientation);
  bool whole = true;
  for (const Pass& pass : passes(png.header)) {
    if (pass.bytes(png.header) == 0) continue;
    whole = read_pass(png, pass, deadline, rows, picture, progress);
    if (!whole) break;
    ++progress.passes;
  }
  if (whole && !rows.finish()) {
    whole = false;
    progress.reason = rows.reason();
  }
  if (whole && png.damage.empty()) {
    std::string note = png.note;
    if (rows.cut_off() && note.empty()) note = "the pixels of the PNG file have no checksum; no pixel is missing";
    add_note(note, sample_bits_note(progress.bits));
    return {picture.take(), 1, note, std::move(memory)};
  }
  if (!file.options.accept_damaged || progress.rows == 0) damaged_png(std::string("IDAT: ") + progress.reason);
  return {picture.take(), 1, damage_text(png, progress, passes(png.header).size()), std::move(memory)};
}

}  // namespace fovea
