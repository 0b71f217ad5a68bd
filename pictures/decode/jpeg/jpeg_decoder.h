// libjpeg with its warnings understood one by one: which mean that pixels were lost.
#pragma once

#include <csetjmp>
#include <cstdio>
// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>

#include <string>
#include <vector>

#include "pictures/decode/decoders.h"
#include "pictures/decode/jpeg/jpeg_layout.h"
#include "pictures/decode/oriented_rows.h"

namespace fovea {

/// What decoding showed.
struct JpegFindings {
  std::string message;           ///< why pixels are lost, or what is extraneous; "" if neither
  bool lost_pixels = false;      ///< pixels are not what they were, or that cannot be excluded
  bool complete = true;          ///< the scans hold all detail that their pixels can have
  int first_lost_row = -1;       ///< of the rows as stored; -1 = unknown
  int scan = 1;                  ///< in which it was found
  int rows = 0;                  ///< decoded, sound or not
  std::vector<char> extraneous;  ///< for each scan of the layout: bytes were left over behind its data

  bool lost() const { return lost_pixels; }
  bool has_extraneous() const;
  void lose(const std::string& reason);
};

/// One decoding of one file. libjpeg's errors leave by longjmp, so that the functions that may jump hold nothing to
/// destroy.
class JpegDecoder {
 public:
  JpegDecoder(const JpegLayout& layout, const Deadline& deadline);
  ~JpegDecoder() { jpeg_destroy_decompress(&jpeg_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  /// False if the header cannot be read: `message` says why.
  bool read_header(const std::uint8_t* data, std::size_t size);
  jpeg_decompress_struct& jpeg() { return jpeg_; }
  const char* message() const { return message_; }

  /// Decodes at 1/divisor of the size, once, after read_header. Ends at the first lost pixel unless `accept` is set.
  JpegFindings read_pixels(int divisor, bool accept, OrientedRows& rows);

 private:
  [[noreturn]] void leave();
  void on_warning();
  void on_progress();
  void note_loss();
  bool run(OrientedRows& rows);
  bool is_complete() const;
  std::size_t position() const;
  static JpegDecoder& of(j_common_ptr jpeg) { return *static_cast<JpegDecoder*>(jpeg->client_data); }

  const JpegLayout& layout_;
  const Deadline& deadline_;
  jpeg_decompress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf jump_{};
  char message_[JMSG_LENGTH_MAX] = "";
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  bool decoding_ = false, accept_ = false, lost_ = false, complete_ = true;
  int lost_row_ = -1, lost_scan_ = 1, rows_ = 0;
  unsigned components_seen_ = 0;  // a bit for each
  std::vector<char> extraneous_;
};

}  // namespace fovea
