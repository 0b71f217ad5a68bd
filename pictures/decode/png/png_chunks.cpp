// Walking through the chunks.
#include "pictures/decode/png/png_chunks.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "pictures/decode/exif.h"

namespace fovea {
namespace {

constexpr std::size_t kSignature = 8, kFrame = 12;  // length, type and checksum around a chunk's data
constexpr std::string_view kEndChunk("IEND\xae\x42\x60\x82", 8);

std::uint32_t big_endian(const std::uint8_t* p) {
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | std::uint32_t{p[3]};
}

struct Chunk {
  std::string type;
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
  bool sound = false;  // its checksum is right
  bool whole = true;   // the file does not end in it

  bool critical() const { return (type[0] & 0x20) == 0; }
};

// The chunk that starts at `at`. Where the file ends before it does, it has the bytes that are there.
Chunk chunk_at(const EncodedImage& file, std::size_t at) {
  Chunk chunk;
  const std::size_t left = file.size - at;
  if (left < 8) {
    chunk.whole = false;
    return chunk;
  }
  const std::uint8_t* begin = file.data + at;
  chunk.size = big_endian(begin);
  chunk.data = begin + 8;
  for (int i = 4; i < 8; ++i) {
    const bool letter = (begin[i] >= 'A' && begin[i] <= 'Z') || (begin[i] >= 'a' && begin[i] <= 'z');
    if (!letter) damaged_png("a chunk's name is no name");
    chunk.type += static_cast<char>(begin[i]);
  }
  chunk.whole = left >= kFrame && chunk.size <= left - kFrame;
  if (!chunk.whole) {
    chunk.size = std::min(chunk.size, left - 8);
    return chunk;
  }
  chunk.sound = libdeflate_crc32(0, begin + 4, chunk.size + 4) == big_endian(chunk.data + chunk.size);
  return chunk;
}

// What is left of a file that ends early: its pixels, or their beginning.
void take_rest(const EncodedImage& file, const Chunk& chunk, PngFile& png) {
  if (chunk.type == "IDAT") {
    png.compressed.insert(png.compressed.end(), chunk.data, chunk.data + chunk.size);
  }
  if (png.compressed.empty()) damaged_png("unexpected end of file");
  // A file that has its end was not cut off: it is the length of a chunk that is wrong.
  const std::string_view bytes(reinterpret_cast<const char*>(file.data), file.size);
  if (bytes.ends_with(kEndChunk)) damaged_png(chunk.type + ": longer than the file");
  add_note(png.note, "the PNG file has no end; no pixel is missing");
}

PngHeader read_header(const Chunk& chunk) {
  if (chunk.type != "IHDR") damaged_png("it does not begin with IHDR");
  if (chunk.size != 13) damaged_png("IHDR: wrong length");
  PngHeader header;
  header.width = big_endian(chunk.data);
  header.height = big_endian(chunk.data + 4);
  header.depth = chunk.data[8];
  const int colour = chunk.data[9];
  header.colour = static_cast<PngColour>(colour);
  header.interlaced = chunk.data[12] == 1;
  const bool low = header.depth == 1 || header.depth == 2 || header.depth == 4;
  const bool high = header.depth == 8 || header.depth == 16;
  const bool known = colour == 0   ? low || high
                     : colour == 3 ? low || header.depth == 8
                                   : high && (colour == 2 || colour == 4 || colour == 6);
  if (!known) damaged_png("IHDR: unknown kind of pixels");
  if (chunk.data[10] != 0 || chunk.data[11] != 0 || chunk.data[12] > 1) damaged_png("IHDR: unknown method");
  return header;
}

}  // namespace

PngFile read_png_chunks(const EncodedImage& file) {
  PngFile png;
  bool palette = false;
  bool closed = false;  // another chunk followed the IDATs
  bool named = false;   // a damaged chunk; more are as little needed
  for (std::size_t at = kSignature;;) {
    const Chunk chunk = chunk_at(file, at);
    const bool first = at == kSignature;
    if (!chunk.whole) {
      if (first) damaged_png("unexpected end of file");
      if (closed && chunk.type == "IDAT") damaged_png("IDAT: not in one piece");
      take_rest(file, chunk, png);
      return png;
    }
    at += chunk.size + kFrame;
    if (!chunk.sound && chunk.critical()) {
      const std::string reason = chunk.type + ": wrong checksum";
      if (chunk.type != "IDAT" || !file.options.accept_damaged) damaged_png(reason);
      if (png.damage.empty()) png.damage = reason;
    } else if (!chunk.sound && !std::exchange(named, true)) {
      add_note(png.note, "the chunk " + chunk.type + " of the PNG file is damaged; no pixel is missing");
    }
    if (first) {
      png.header = read_header(chunk);
      check_pixels(png.header.width, png.header.height, file.options.limits.max_pixels);
    } else if (chunk.type == "IDAT") {
      if (closed) damaged_png("IDAT: not in one piece");
      if (png.header.colour == PngColour::palette && !palette) damaged_png("it has no palette");
      if (png.compressed.empty()) png.compressed.reserve(file.size - at + chunk.size);  // one allocation for all
      png.compressed.insert(png.compressed.end(), chunk.data, chunk.data + chunk.size);
      continue;
    } else if (chunk.type == "PLTE") {
      if (palette || chunk.size % 3 != 0 || chunk.size > png.palette.size()) damaged_png("PLTE: no palette");
      palette = true;
      std::memcpy(png.palette.data(), chunk.data, chunk.size);
    } else if (chunk.type == "IEND") {
      if (png.compressed.empty()) damaged_png("it has no pixels");
      if (at < file.size) {
        add_note(png.note, "the PNG file has " + std::to_string(file.size - at) +
                               (file.size - at == 1 ? " byte" : " bytes") + " after its end; no pixel is missing");
      }
      return png;
    } else if (chunk.type == "eXIf" && chunk.sound) {
      png.orientation = exif_orientation(chunk.data, chunk.size);
    } else if (chunk.critical()) {
      damaged_png(chunk.type + ": unknown chunk that is needed for the picture");
    }
    closed = !png.compressed.empty();
  }
}

}  // namespace fovea
