// JPEG by libjpeg, in memory.
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>

#include <memory>

#include <fovea/error.h>
#include "pictures/decode/image.h"

namespace fovea {

namespace {

// libjpeg's errors leave by longjmp, past whatever has a destructor: `run` has none.
class JpegEncoder {
 public:
  JpegEncoder() {
    jpeg_.err = jpeg_std_error(&errors_);
    jpeg_.client_data = this;
    errors_.error_exit = [](j_common_ptr jpeg) {
      auto& self = *static_cast<JpegEncoder*>(jpeg->client_data);
      (*jpeg->err->format_message)(jpeg, self.message_);
      std::longjmp(self.jump_, 1);
    };
    errors_.output_message = [](j_common_ptr) {};
  }
  ~JpegEncoder() {
    jpeg_destroy_compress(&jpeg_);
    std::free(bytes_);  // NOLINT(cppcoreguidelines-no-malloc): libjpeg's
  }
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;

  bool run(const Image& image, int quality) {
    if (setjmp(jump_) != 0) return false;  // NOLINT: libjpeg's way
    jpeg_create_compress(&jpeg_);
    jpeg_mem_dest(&jpeg_, &bytes_, &size_);
    jpeg_.image_width = static_cast<JDIMENSION>(image.width);
    jpeg_.image_height = static_cast<JDIMENSION>(image.height);
    jpeg_.input_components = 3;
    jpeg_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg_);
    jpeg_set_quality(&jpeg_, quality, TRUE);
    jpeg_start_compress(&jpeg_, TRUE);
    while (jpeg_.next_scanline < jpeg_.image_height) {
      // libjpeg does not write to the rows that it is given.
      JSAMPROW row =
          const_cast<JSAMPROW>(image.pixels.data()) + std::size_t{3} * jpeg_.image_width * jpeg_.next_scanline;
      jpeg_write_scanlines(&jpeg_, &row, 1);
    }
    jpeg_finish_compress(&jpeg_);
    return true;
  }

  std::string bytes() const { return {reinterpret_cast<const char*>(bytes_), size_}; }
  const char* message() const { return message_; }

 private:
  jpeg_compress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  std::jmp_buf jump_{};
  char message_[JMSG_LENGTH_MAX] = "";
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

std::string encode_jpeg(const Image& image, int quality) {
  check_image(image);
  JpegEncoder encoder;
  if (!encoder.run(image, quality)) throw Error(std::string("a JPEG cannot be made: ") + encoder.message());
  return encoder.bytes();
}

}  // namespace fovea
