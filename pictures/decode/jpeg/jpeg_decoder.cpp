// Drives libjpeg. Its warnings (jerror.h), once pixels are being decoded:
//   JPEG_EOF         the file ended: no loss by itself; what a scan lacks is told by HIT_MARKER, whole scans by
//                    is_complete()
//   EXTRANEOUS_DATA  bytes before a marker: behind a segment they are part of nothing; behind a scan's data they are
//                    what decode_jpeg.cpp looks into; within a scan (before a restart) its pixels are lost
//   NOT_SEQUENTIAL   a header states parameters that sequential decoding does not use
//   HIT_MARKER, HUFF_BAD_CODE, ARITH_BAD_CODE, MUST_RESYNC, BOGUS_PROGRESSION and all others: pixels are lost
#include "pictures/decode/jpeg/jpeg_decoder.h"

#include <jerror.h>

#include <algorithm>

namespace fovea {
namespace {

constexpr int kExifMarker = JPEG_APP0 + 1;

/// Adobe's inverted CMYK to RGB, in OpenCV's whole-number arithmetic.
void convert_cmyk(const JSAMPLE* in, JDIMENSION width, std::uint8_t* out) {
  for (JDIMENSION x = 0; x < width; ++x, in += 4, out += 3) {
    const int black = in[3];
    for (int c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(black - (((255 - in[c]) * black) >> 8));
  }
}

}  // namespace

bool JpegFindings::has_extraneous() const {
  return std::any_of(extraneous.begin(), extraneous.end(), [](char c) { return c != 0; });
}

void JpegFindings::lose(const std::string& reason) {
  if (!lost_pixels) message = reason;
  lost_pixels = true;
}

JpegDecoder::JpegDecoder(const JpegLayout& layout, const Deadline& deadline)
    : layout_(layout), deadline_(deadline), extraneous_(layout.scans.size()) {
  jpeg_.err = jpeg_std_error(&errors_);
  errors_.error_exit = [](j_common_ptr jpeg) {
    jpeg->err->format_message(jpeg, of(jpeg).message_);
    of(jpeg).leave();
  };
  errors_.emit_message = [](j_common_ptr jpeg, int level) {
    if (level < 0 && of(jpeg).decoding_) of(jpeg).on_warning();
  };
  errors_.output_message = [](j_common_ptr) {};
  progress_.progress_monitor = [](j_common_ptr jpeg) { of(jpeg).on_progress(); };
  jpeg_.client_data = this;
}

void JpegDecoder::leave() { std::longjmp(jump_, 1); }

// libjpeg reads from an end marker of its own where the file has ended.
std::size_t JpegDecoder::position() const {
  const std::uint8_t* next = jpeg_.src->next_input_byte;
  return next >= data_ && next <= data_ + size_ ? static_cast<std::size_t>(next - data_) : size_;
}

void JpegDecoder::note_loss() {
  if (lost_) return;
  lost_ = true;
  lost_scan_ = std::max(1, jpeg_.input_scan_number);
  if (jpeg_has_multiple_scans(&jpeg_) == FALSE) {
    const auto block = static_cast<JDIMENSION>(jpeg_.max_v_samp_factor * DCTSIZE);
    const auto row = static_cast<int>(std::min(jpeg_.input_iMCU_row * block, jpeg_.image_height) / jpeg_.scale_denom);
    lost_row_ = std::max(0, row - 1);  // colours at half the height are blended over the border
  }
}

void JpegDecoder::on_warning() {
  const int code = errors_.msg_code;
  if (code == JWRN_JPEG_EOF || code == JWRN_NOT_SEQUENTIAL) return;
  auto* common = reinterpret_cast<j_common_ptr>(&jpeg_);
  if (code == JWRN_EXTRANEOUS_DATA) {
    const std::size_t at = position();
    const auto behind = std::find_if(layout_.scans.rbegin(), layout_.scans.rend(),
                                     [&](const JpegLayout::Scan& scan) { return scan.begin <= at; });
    if (behind != layout_.scans.rend() && at > behind->end) return;  // behind a segment
    if (behind != layout_.scans.rend() && at == behind->end) {
      extraneous_[static_cast<std::size_t>(layout_.scans.rend() - behind) - 1] = 1;
      if (message_[0] == '\0') jpeg_.err->format_message(common, message_);
      return;
    }
  }
  if (!lost_) jpeg_.err->format_message(common, message_);
  note_loss();
  if (!accept_) leave();
}

void JpegDecoder::on_progress() {
  for (int i = 0; i < jpeg_.comps_in_scan; ++i) {
    const jpeg_component_info* component = jpeg_.cur_comp_info[i];
    if (component != nullptr) components_seen_ |= 1U << component->component_index;
  }
  if (!deadline_.passed()) return;
  std::snprintf(message_, sizeof message_, "%s", Deadline::kReason);
  note_loss();
  leave();
}

bool JpegDecoder::read_header(const std::uint8_t* data, std::size_t size) {
  data_ = data;
  size_ = size;
  if (setjmp(jump_) != 0) return false;
  jpeg_create_decompress(&jpeg_);
  jpeg_.progress = &progress_;
  jpeg_mem_src(&jpeg_, data, static_cast<unsigned long>(size));
  jpeg_save_markers(&jpeg_, kExifMarker, 0xffff);
  jpeg_read_header(&jpeg_, TRUE);
  return true;
}

// Whether every bit of every coefficient was in some scan.
bool JpegDecoder::is_complete() const {
  if (jpeg_.progressive_mode != FALSE && jpeg_.coef_bits != nullptr) {
    for (int i = 0; i < jpeg_.num_components; ++i) {
      const int* bits = jpeg_.coef_bits[i];
      if (std::any_of(bits, bits + DCTSIZE2, [](int left) { return left != 0; })) return false;
    }
  }
  return components_seen_ == (1U << jpeg_.num_components) - 1;
}

bool JpegDecoder::run(OrientedRows& rows) {
  if (setjmp(jump_) != 0) return false;
  decoding_ = true;
  const bool cmyk = jpeg_.num_components == 4;
  jpeg_.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&jpeg_);
  // A row of libjpeg's own memory, which it frees whatever happens.
  JSAMPARRAY four =
      cmyk ? jpeg_.mem->alloc_sarray(reinterpret_cast<j_common_ptr>(&jpeg_), JPOOL_IMAGE, jpeg_.output_width * 4, 1)
           : nullptr;
  while (jpeg_.output_scanline < jpeg_.output_height) {
    const int y = static_cast<int>(jpeg_.output_scanline);
    JSAMPROW row = rows.row(y);
    if (cmyk) {
      jpeg_read_scanlines(&jpeg_, four, 1);
      convert_cmyk(four[0], jpeg_.output_width, row);
    } else {
      jpeg_read_scanlines(&jpeg_, &row, 1);
    }
    rows.done(y);
    rows_ = y + 1;
  }
  complete_ = is_complete();
  jpeg_finish_decompress(&jpeg_);  // reads on to the end marker
  return true;
}

JpegFindings JpegDecoder::read_pixels(int divisor, bool accept, OrientedRows& rows) {
  jpeg_.scale_num = 1;
  jpeg_.scale_denom = static_cast<unsigned>(divisor);
  accept_ = accept;
  if (!run(rows)) note_loss();
  return {message_, lost_, complete_, lost_row_, lost_scan_, rows_, extraneous_};
}

}  // namespace fovea
