// JPEG by libjpeg, as OpenCV drives it (default upsampling and DCT, the first APP1 block's orientation), with one
// difference: what libjpeg calls a warning once pixels are being decoded means lost or damaged data, and is an error.
#include <csetjmp>
#include <cstdio>
// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>

#include "loaders/image/decoders.h"
#include "loaders/image/exif.h"
#include "loaders/image/make_image.h"

namespace fovea {
namespace {

constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr std::size_t kExifHeader = 6;  // "Exif\0\0"
// Encoders write about ten; a hostile file could ask for thousands of passes over the picture.
constexpr int kMaxScans = 100;
// A Huffman-coded 8x8 block takes one bit at the very least.
constexpr std::int64_t kMaxPixelsPerByte = 8 * 64;

/// libjpeg's state. Its errors leave by longjmp, so the functions below that may jump hold nothing to destroy.
struct JpegDecoder {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump{};
  char message[JMSG_LENGTH_MAX] = "";
  bool decoding = false;  ///< past the header

  JpegDecoder();
  ~JpegDecoder() { jpeg_destroy_decompress(&jpeg); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;
};

JpegDecoder& decoder_of(j_common_ptr jpeg) { return *static_cast<JpegDecoder*>(jpeg->client_data); }

[[noreturn]] void leave(j_common_ptr jpeg) {
  JpegDecoder& decoder = decoder_of(jpeg);
  jpeg->err->format_message(jpeg, decoder.message);
  std::longjmp(decoder.jump, 1);
}

void on_message(j_common_ptr jpeg, int level) {
  if (level < 0 && decoder_of(jpeg).decoding) leave(jpeg);
}

void on_progress(j_common_ptr jpeg) {
  JpegDecoder& decoder = decoder_of(jpeg);
  if (decoder.jpeg.input_scan_number <= kMaxScans) return;
  std::snprintf(decoder.message, sizeof decoder.message, "more than %d scans", kMaxScans);
  std::longjmp(decoder.jump, 1);
}

JpegDecoder::JpegDecoder() {
  jpeg.err = jpeg_std_error(&errors);
  errors.error_exit = leave;
  errors.emit_message = on_message;
  errors.output_message = [](j_common_ptr) {};
  progress.progress_monitor = on_progress;
  jpeg.client_data = this;
}

bool read_header(JpegDecoder& decoder, const EncodedImage& file) {
  if (setjmp(decoder.jump) != 0) return false;
  jpeg_decompress_struct& jpeg = decoder.jpeg;
  jpeg_create_decompress(&jpeg);
  jpeg.progress = &decoder.progress;
  jpeg_mem_src(&jpeg, file.data, static_cast<unsigned long>(file.size));
  jpeg_save_markers(&jpeg, kExifMarker, 0xffff);
  jpeg_read_header(&jpeg, TRUE);
  return true;
}

/// Adobe's inverted CMYK to RGB, in OpenCV's whole-number arithmetic.
void convert_cmyk(const JSAMPLE* in, JDIMENSION width, std::uint8_t* out) {
  for (JDIMENSION x = 0; x < width; ++x, in += 4, out += 3) {
    const int black = in[3];
    for (int c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(black - (((255 - in[c]) * black) >> 8));
  }
}

bool read_pixels(JpegDecoder& decoder, std::uint8_t* out) {
  if (setjmp(decoder.jump) != 0) return false;
  jpeg_decompress_struct& jpeg = decoder.jpeg;
  decoder.decoding = true;
  const bool cmyk = jpeg.num_components == 4;
  jpeg.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&jpeg);
  const std::size_t row_bytes = std::size_t{3} * jpeg.output_width;
  // A row of libjpeg's own memory, which it frees whatever happens.
  JSAMPARRAY four =
      cmyk ? jpeg.mem->alloc_sarray(reinterpret_cast<j_common_ptr>(&jpeg), JPOOL_IMAGE, jpeg.output_width * 4, 1)
           : nullptr;
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = out + jpeg.output_scanline * row_bytes;
    if (cmyk) {
      jpeg_read_scanlines(&jpeg, four, 1);
      convert_cmyk(four[0], jpeg.output_width, row);
    } else {
      jpeg_read_scanlines(&jpeg, &row, 1);
    }
  }
  jpeg_finish_decompress(&jpeg);  // reads on to the end marker
  return true;
}

int orientation_of(const jpeg_decompress_struct& jpeg) {
  const jpeg_saved_marker_ptr marker = jpeg.marker_list;
  if (marker == nullptr || marker->data_length <= kExifHeader) return 1;
  return exif_orientation(marker->data + kExifHeader, marker->data_length - kExifHeader);
}

int reduced_by(std::int64_t width, std::int64_t height, const Reduction& reduction) {
  int divisor = 1;
  while (divisor * 2 <= reduction.max_divisor && width >= std::int64_t{2} * divisor * reduction.min_width &&
         height >= std::int64_t{2} * divisor * reduction.min_height) {
    divisor *= 2;
  }
  return divisor;
}

}  // namespace

DecodedImage decode_jpeg(const EncodedImage& file, const Reduction& reduction) {
  JpegDecoder decoder;
  if (!read_header(decoder, file)) throw Error(std::string("damaged JPEG: ") + decoder.message);
  const std::int64_t width = decoder.jpeg.image_width, height = decoder.jpeg.image_height;
  check_pixels(width, height, file.max_pixels);
  if (!decoder.jpeg.arith_code && width * height / kMaxPixelsPerByte > static_cast<std::int64_t>(file.size)) {
    throw Error("damaged JPEG: " + std::to_string(file.size) + " bytes cannot hold " + std::to_string(width) + "x" +
                std::to_string(height) + " pixels");
  }
  const int orientation = orientation_of(decoder.jpeg);  // now, as the end of decoding frees the marker
  const bool turned = orientation >= 5 && orientation <= 8;
  const int divisor = reduced_by(turned ? height : width, turned ? width : height, reduction);
  const auto reduced = [&](std::int64_t side) { return static_cast<int>((side + divisor - 1) / divisor); };
  decoder.jpeg.scale_num = 1;
  decoder.jpeg.scale_denom = static_cast<unsigned>(divisor);
  Image image = make_image(reduced(width), reduced(height));
  if (!read_pixels(decoder, image.pixels.data())) throw Error(std::string("damaged JPEG: ") + decoder.message);
  return {orient(std::move(image), orientation), divisor, ""};
}

}  // namespace fovea
