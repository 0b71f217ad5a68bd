// Image files: decode, write. What is done with a picture in between stands in prepare.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include <fovea/prepare.h>
#include "pictures/decode/decode_memory.h"

namespace fovea {

/// Bounds checked before a decoder allocates anything for the pixels.
struct DecodeLimits {
  std::size_t max_file_bytes = std::size_t{512} << 20;
  std::int64_t max_pixels = std::int64_t{200} * 1000 * 1000;
  /// A JPEG comes in scans, each of which goes over all its pixels: scans x pixels are at most this many x max_pixels.
  int max_scans_of_largest = 16;
  /// For one picture, the waiting for memory not counted: what the bounds above let through is far from it unless the
  /// machine is busy beyond use. 0 = none.
  std::chrono::milliseconds time{30'000};
};

struct DecodeOptions {
  DecodeLimits limits;
  /// Of the file's pages, as picture_pages counts them. 0 = the first, and a note where it is not the only one.
  int page = 0;
  /// Whether a picture that lost pixels is decoded as far as it goes, and a note says how much of it that is.
  bool accept_damaged = false;
};

struct DecodedImage {
  Image image;
  int divisor = 1;     ///< the picture is at 1/divisor of the size that its file has (pictures/decode/reduced.h)
  std::string note;    ///< what a reader of the result should know
  MemoryShare memory;  ///< of the budget for all decoders; given back with the picture
};

/// The pictures of full size in one file: pages of a TIFF that are neither reduced copies of another nor masks. Other
/// formats hold one.
struct PicturePages {
  int count = 1;        ///< at least 1: what cannot be read says so once it is decoded
  std::string problem;  ///< why there may be more that cannot be reached, "" if not
};

/// Reads the list of pages only, and no more than that of a thousand. Throws nothing for files that cannot be read.
PicturePages picture_pages(const std::string& path);

/// Decodes JPEG, PNG, TIFF or BMP as OpenCV's imread(IMREAD_COLOR) does: EXIF orientation applied, 16-bit reduced to 8,
/// grey expanded, alpha dropped. BMP of every depth, with runs, masks and OS/2's headers; where OpenCV refuses masks,
/// the others are taken as it takes those of 5 and 6 bits. A file that is not whole but has all of its pixels is read,
/// and a note of DecodedImage says what is odd; one that lost pixels is an Error (OpenCV itself would return grey bars
/// for some). Pictures of all threads together keep within decode_memory(): a thread may have to wait for others.
/// Thread-safe. Throws Error: "PATH: reason".
Image read_image(const std::string& path, const DecodeLimits& limits = {});

/// Decodes from memory; `name` is used in errors.
Image decode_image(const std::uint8_t* data, std::size_t size, const std::string& name,
                   const DecodeLimits& limits = {});

/// The same, with what there is to say about it.
DecodedImage read_picture(const std::string& path, const DecodeOptions& options = {});
DecodedImage decode_picture(const std::uint8_t* data, std::size_t size, const std::string& name,
                            const DecodeOptions& options = {});

/// A PNG (lossless) in memory. Throws Error.
std::string encode_png(const Image& image);

/// A JPEG in memory, of libjpeg's `quality` (1 to 100), as OpenCV's imencode makes it. Throws Error.
std::string encode_jpeg(const Image& image, int quality);

/// Writes a PNG (lossless). Throws Error if it cannot be written.
void write_png(const Image& image, const std::string& path);

/// True for names that end as those of pictures do, read or not: .jpg .JFIF .png .tif .dcm .webp ...
bool is_image_name(const std::string& name);

}  // namespace fovea
