// Files that OpenCV's encoders do not write: EXIF, palettes, interlacing, CMYK, odd TIFFs. Made byte by byte or by the
// codecs' own libraries.
#pragma once

#include <cstdio>
// jpeglib.h needs FILE declared before it.
#include <jpeglib.h>
#include <png.h>

#include <cstdint>
#include <functional>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/pictures/files.h"

namespace fovea::image_test {

inline Bytes encode(const std::string& extension, const cv::Mat& mat, const std::vector<int>& parameters = {}) {
  Bytes bytes;
  cv::imencode(extension, mat, bytes, parameters);
  return bytes;
}

inline void append(Bytes& bytes, std::uint32_t value, int count, bool big_endian) {
  for (int i = 0; i < count; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(value >> 8 * (big_endian ? count - 1 - i : i)));
  }
}

struct TiffEntry {
  int tag, type;  // 3 = SHORT, 4 = LONG
  std::uint32_t value;
};

/// A TIFF structure: header, one directory of entries with one value each, then `data`, whose offset is `data_offset`.
inline Bytes tiff(const std::vector<TiffEntry>& entries, bool big_endian, const Bytes& data = {}) {
  Bytes bytes(2, big_endian ? 'M' : 'I');
  append(bytes, 42, 2, big_endian);
  append(bytes, 8, 4, big_endian);
  append(bytes, static_cast<std::uint32_t>(entries.size()), 2, big_endian);
  for (const TiffEntry& entry : entries) {
    append(bytes, static_cast<std::uint32_t>(entry.tag), 2, big_endian);
    append(bytes, static_cast<std::uint32_t>(entry.type), 2, big_endian);
    append(bytes, 1, 4, big_endian);
    append(bytes, entry.value, entry.type == 3 ? 2 : 4, big_endian);
    if (entry.type == 3) append(bytes, 0, 2, big_endian);
  }
  append(bytes, 0, 4, big_endian);
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

inline Bytes exif(int orientation, bool big_endian) {
  return tiff({{0x10f, 3, 1}, {0x112, 3, static_cast<std::uint32_t>(orientation)}}, big_endian);
}

/// The JPEG with an APP1 block put in after its first marker.
inline Bytes with_app1(const Bytes& jpeg, const std::string& header, const Bytes& content) {
  Bytes bytes(jpeg.begin(), jpeg.begin() + 2);
  append(bytes, 0xffe1, 2, true);
  append(bytes, static_cast<std::uint32_t>(2 + header.size() + content.size()), 2, true);
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), content.begin(), content.end());
  bytes.insert(bytes.end(), jpeg.begin() + 2, jpeg.end());
  return bytes;
}

inline const std::string kExifHeader("Exif\0\0", 6);

/// An uncompressed RGB TIFF in one strip.
inline Bytes rgb_tiff(const Image& image, int orientation, bool big_endian) {
  const auto width = static_cast<std::uint32_t>(image.width), height = static_cast<std::uint32_t>(image.height);
  const std::uint32_t offset = 8 + 2 + 12 * 10 + 4;
  return tiff({{0x100, 4, width},
               {0x101, 4, height},
               {0x102, 3, 8},
               {0x103, 3, 1},
               {0x106, 3, 2},
               {0x111, 4, offset},
               {0x112, 3, static_cast<std::uint32_t>(orientation)},
               {0x115, 3, 3},
               {0x116, 4, height},
               {0x117, 4, static_cast<std::uint32_t>(image.pixels.size())}},
              big_endian, image.pixels);
}

/// A BMP of random content: Windows' header, or OS/2's old one; a full palette up to 8 bits.
inline Bytes random_bmp(int width, int height, int bits, bool old) {
  std::mt19937 random(9);
  const auto row = static_cast<std::uint32_t>((width * bits + 31) / 32 * 4);
  const std::uint32_t colours = bits <= 8 ? 1U << bits : 0, header = old ? 12 : 40;
  const std::uint32_t offset = 14 + header + colours * (old ? 3 : 4);
  Bytes bytes = {'B', 'M'};
  append(bytes, offset + row * static_cast<std::uint32_t>(height), 4, false);
  append(bytes, 0, 4, false);
  append(bytes, offset, 4, false);
  append(bytes, header, 4, false);
  append(bytes, static_cast<std::uint32_t>(width), old ? 2 : 4, false);
  append(bytes, static_cast<std::uint32_t>(height), old ? 2 : 4, false);
  append(bytes, 1, 2, false);
  append(bytes, static_cast<std::uint32_t>(bits), 2, false);
  bytes.resize(14 + header);
  for (std::uint32_t i = 14 + header; i < offset + row * static_cast<std::uint32_t>(height); ++i) {
    bytes.push_back(static_cast<std::uint8_t>(random()));
  }
  return bytes;
}

/// PNG of random content in any colour type and depth.
struct PngOptions {
  int width = 37, height = 23;
  int colour = PNG_COLOR_TYPE_RGB, depth = 8;
  bool interlaced = false;
  bool transparency = false;  // a tRNS chunk
  int filters = 0;            // PNG_FILTER_...; 0 = as libpng chooses
  int compression = -1;       // 0 to 9; -1 = as libpng chooses
  Bytes exif;
};

inline Bytes random_png(const PngOptions& options) {
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &out,
      [](png_structp p, png_bytep data, std::size_t size) {
        auto* bytes = static_cast<Bytes*>(png_get_io_ptr(p));
        bytes->insert(bytes->end(), data, data + size);
      },
      nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(options.width), static_cast<png_uint_32>(options.height),
               options.depth, options.colour, options.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, options.compression);
  if (options.filters != 0) png_set_filter(png, PNG_FILTER_TYPE_BASE, options.filters);
  std::mt19937 random(3);
  if (options.colour == PNG_COLOR_TYPE_PALETTE) {
    std::vector<png_color> palette(std::size_t{1} << options.depth);
    for (png_color& colour : palette) {
      colour = {static_cast<png_byte>(random()), static_cast<png_byte>(random()), static_cast<png_byte>(random())};
    }
    png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
  }
  const Bytes alpha = {0, 128};
  png_color_16 transparent{0, 10, 10, 10, 1};
  if (options.transparency) png_set_tRNS(png, info, alpha.data(), static_cast<int>(alpha.size()), &transparent);
  Bytes exif = options.exif;
  if (!exif.empty()) png_set_eXIf_1(png, info, static_cast<png_uint_32>(exif.size()), exif.data());
  png_write_info(png, info);
  Bytes pixels(png_get_rowbytes(png, info) * static_cast<std::size_t>(options.height));
  for (std::uint8_t& byte : pixels) byte = static_cast<std::uint8_t>(random());
  std::vector<png_bytep> rows;
  for (int y = 0; y < options.height; ++y) {
    rows.push_back(pixels.data() + png_get_rowbytes(png, info) * static_cast<std::size_t>(y));
  }
  png_write_image(png, rows.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

/// A chunk of a PNG, with its checksum (PNG specification, annex D).
inline Bytes png_chunk(const std::string& type, const Bytes& data) {
  Bytes chunk;
  append(chunk, static_cast<std::uint32_t>(data.size()), 4, true);
  chunk.insert(chunk.end(), type.begin(), type.end());
  chunk.insert(chunk.end(), data.begin(), data.end());
  std::uint32_t crc = 0xffffffffU;
  for (std::size_t i = 4; i < chunk.size(); ++i) {
    crc ^= chunk[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  append(chunk, ~crc, 4, true);
  return chunk;
}

/// A PNG of these chunks.
inline Bytes png_of(const std::vector<std::pair<std::string, Bytes>>& chunks) {
  Bytes png = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  for (const auto& [type, data] : chunks) {
    const Bytes chunk = png_chunk(type, data);
    png.insert(png.end(), chunk.begin(), chunk.end());
  }
  return png;
}

inline Bytes png_header(std::uint32_t width, std::uint32_t height, int depth = 8, int colour = PNG_COLOR_TYPE_RGB) {
  Bytes data;
  append(data, width, 4, true);
  append(data, height, 4, true);
  for (const int x : {depth, colour, 0, 0, 0}) data.push_back(static_cast<std::uint8_t>(x));
  return data;
}

/// JPEG in a colour space and with sampling factors that imencode does not offer; `more` may set what else there is.
inline Bytes encode_jpeg(const cv::Mat& pixels, J_COLOR_SPACE space, int sampling, bool arithmetic = false,
                         const std::function<void(jpeg_compress_struct&)>& more = {}) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &buffer, &size);
  jpeg.image_width = static_cast<JDIMENSION>(pixels.cols);
  jpeg.image_height = static_cast<JDIMENSION>(pixels.rows);
  jpeg.input_components = pixels.channels();
  jpeg.in_color_space = space;
  jpeg_set_defaults(&jpeg);
  jpeg.comp_info[0].h_samp_factor = sampling;
  jpeg.comp_info[0].v_samp_factor = sampling;
  jpeg.arith_code = arithmetic ? TRUE : FALSE;
  if (more) more(jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  for (int y = 0; y < pixels.rows; ++y) {
    JSAMPROW row = const_cast<JSAMPROW>(pixels.ptr(y));
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  Bytes bytes(buffer, buffer + size);
  std::free(buffer);
  jpeg_destroy_compress(&jpeg);
  return bytes;
}

}  // namespace fovea::image_test
