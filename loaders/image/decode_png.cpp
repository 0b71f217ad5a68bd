// PNG by libpng, with the conversions OpenCV asks for: 16 bits to their upper 8, palette and grey to RGB, alpha
// dropped, no gamma; the orientation of an eXIf chunk. Silent, where OpenCV lets libpng print.
#include <png.h>

#include <cstdio>
#include <cstring>

#include "loaders/image/decoders.h"
#include "loaders/image/exif.h"
#include "loaders/image/make_image.h"

namespace fovea {
namespace {

// Deflate's best is 258 bytes out of two bits, 1032 to one.
constexpr std::int64_t kMaxInflation = 1032;

/// libpng's state. Its errors leave by longjmp, so the functions below that may jump hold nothing to destroy.
struct Decoder {
  png_structp png = nullptr;
  png_infop info = nullptr, end_info = nullptr;
  const std::uint8_t* next = nullptr;
  std::size_t left = 0;
  char message[128] = "out of memory";

  Decoder() = default;
  ~Decoder() { png_destroy_read_struct(&png, &info, &end_info); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
  auto* decoder = static_cast<Decoder*>(png_get_error_ptr(png));
  std::snprintf(decoder->message, sizeof decoder->message, "%s", message);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep out, std::size_t count) {
  auto* decoder = static_cast<Decoder*>(png_get_io_ptr(png));
  if (count > decoder->left) png_error(png, "unexpected end of file");
  std::memcpy(out, decoder->next, count);
  decoder->next += count;
  decoder->left -= count;
}

bool read_header(Decoder& decoder) {
  decoder.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoder, on_error, on_warning);
  if (decoder.png == nullptr) return false;
  if (setjmp(png_jmpbuf(decoder.png)) != 0) return false;
  decoder.info = png_create_info_struct(decoder.png);
  decoder.end_info = png_create_info_struct(decoder.png);
  if (decoder.info == nullptr || decoder.end_info == nullptr) return false;
  png_set_read_fn(decoder.png, &decoder, read_bytes);
  png_read_info(decoder.png, decoder.info);
  return true;
}

/// Declares the conversions to 8-bit RGB. False if libpng then promises rows of another length than `row_bytes`.
bool ask_for_rgb(Decoder& decoder, std::size_t row_bytes) {
  if (setjmp(png_jmpbuf(decoder.png)) != 0) return false;
  const int colour = png_get_color_type(decoder.png, decoder.info);
  const int depth = png_get_bit_depth(decoder.png, decoder.info);
  if (depth == 16) png_set_strip_16(decoder.png);
  png_set_strip_alpha(decoder.png);
  if (colour == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(decoder.png);
  if ((colour & PNG_COLOR_MASK_COLOR) == 0) {
    if (depth < 8) png_set_expand_gray_1_2_4_to_8(decoder.png);
    png_set_gray_to_rgb(decoder.png);
  }
  png_set_interlace_handling(decoder.png);
  png_read_update_info(decoder.png, decoder.info);
  if (png_get_rowbytes(decoder.png, decoder.info) == row_bytes) return true;
  std::snprintf(decoder.message, sizeof decoder.message, "unexpected pixel layout");
  return false;
}

bool read_pixels(Decoder& decoder, png_bytepp rows) {
  if (setjmp(png_jmpbuf(decoder.png)) != 0) return false;
  png_read_image(decoder.png, rows);
  png_read_end(decoder.png, decoder.end_info);
  return true;
}

int orientation_of(const Decoder& decoder) {
  for (const png_infop info : {decoder.info, decoder.end_info}) {
    png_uint_32 size = 0;
    png_bytep data = nullptr;
    if (png_get_eXIf_1(decoder.png, info, &size, &data) != 0) return exif_orientation(data, size);
  }
  return 1;
}

[[noreturn]] void fail(const Decoder& decoder) { throw Error(std::string("damaged PNG: ") + decoder.message); }

}  // namespace

Image decode_png(const EncodedImage& file) {
  Decoder decoder;
  decoder.next = file.data;
  decoder.left = file.size;
  if (!read_header(decoder)) fail(decoder);
  const std::int64_t width = png_get_image_width(decoder.png, decoder.info);
  const std::int64_t height = png_get_image_height(decoder.png, decoder.info);
  check_pixels(width, height, file.max_pixels);
  const auto stored_row = static_cast<std::int64_t>(png_get_rowbytes(decoder.png, decoder.info));
  if (stored_row > static_cast<std::int64_t>(file.size) * kMaxInflation / height) {
    throw Error("damaged PNG: " + std::to_string(file.size) + " bytes cannot hold " + std::to_string(width) + "x" +
                std::to_string(height) + " pixels");
  }
  Image image = make_image(static_cast<int>(width), static_cast<int>(height));
  const std::size_t row_bytes = std::size_t{3} * static_cast<std::size_t>(width);
  std::vector<png_bytep> rows(static_cast<std::size_t>(height));
  for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = image.pixels.data() + y * row_bytes;
  if (!ask_for_rgb(decoder, row_bytes) || !read_pixels(decoder, rows.data())) fail(decoder);
  return orient(std::move(image), orientation_of(decoder));
}

}  // namespace fovea
