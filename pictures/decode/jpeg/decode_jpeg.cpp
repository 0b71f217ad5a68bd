// JPEG by libjpeg, as OpenCV drives it (default upsampling and DCT, the first APP1 block's orientation), with one
// difference: what it warns of is looked at. Where every pixel is what it was, a note says so; where pixels were lost
// or may have been, that is an error, or a note if it is asked for.
#include <algorithm>

#include "pictures/decode/decoders.h"
#include "pictures/decode/exif.h"
#include "pictures/decode/jpeg/jpeg_decoder.h"
#include "pictures/prepare/make_image.h"

namespace fovea {
namespace {

constexpr std::size_t kExifHeader = 6;  // "Exif\0\0"
// A Huffman-coded 8x8 block takes one bit at the very least.
constexpr std::int64_t kMaxPixelsPerByte = 8 * 64;
// A file without an end marker whose last scan ends in so many equal bytes may have been filled up after data was lost.
// One zero is usual: black blocks are coded so.
constexpr std::size_t kSuspiciousZeros = 2, kSuspiciousRun = 4;

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

// libjpeg keeps the coefficients of a picture that comes in several scans: two bytes each, in whole blocks.
std::size_t coefficient_bytes(jpeg_decompress_struct& jpeg) {
  if (jpeg_has_multiple_scans(&jpeg) == FALSE) return 0;
  std::size_t bytes = 0;
  for (int i = 0; i < jpeg.num_components; ++i) {
    const jpeg_component_info& component = jpeg.comp_info[i];
    const auto blocks = [](JDIMENSION count, int sampling) { return std::size_t{count} + as_size(sampling); };
    bytes += blocks(component.width_in_blocks, component.h_samp_factor) *
             blocks(component.height_in_blocks, component.v_samp_factor) * sizeof(JBLOCK);
  }
  return bytes;
}

[[noreturn]] void damaged(const std::string& reason) { throw Error("damaged JPEG: " + reason); }

std::string bytes_text(std::size_t count, const char* what) {
  return std::to_string(count) + (count == 1 ? " byte " : " bytes ") + what;
}

/// One file and what is found out about it. Decoded once, and once more without what may be filler: if that has all
/// pixels, the filler was none of them.
class JpegFile {
 public:
  JpegFile(const EncodedImage& file, const Reduction& reduction)
      : file_(file), deadline_(file.options.limits.time), layout_(jpeg_layout(file.data, file.size)) {
    JpegDecoder decoder(layout_, deadline_);
    if (!decoder.read_header(file.data, file.size)) damaged(decoder.message());
    const std::int64_t width = decoder.jpeg().image_width, height = decoder.jpeg().image_height;
    const DecodeLimits& limits = file.options.limits;
    check_pixels(width, height, limits.max_pixels);
    arithmetic_ = decoder.jpeg().arith_code != FALSE;
    if (!arithmetic_ && width * height / kMaxPixelsPerByte > static_cast<std::int64_t>(file.size)) {
      damaged(std::to_string(file.size) + " bytes cannot hold " + std::to_string(width) + "x" + std::to_string(height) +
              " pixels");
    }
    const std::int64_t scans = static_cast<std::int64_t>(layout_.scans.size());
    if (layout_.scans.size() > kMaxJpegScans) throw Error("has more than " + std::to_string(kMaxJpegScans) + " scans");
    if (scans * width * height > limits.max_scans_of_largest * limits.max_pixels) {
      throw Error(std::to_string(scans) + " scans of " + std::to_string(width) + "x" + std::to_string(height) +
                  " pixels take too long to decode");
    }
    orientation_ = orientation_of(decoder.jpeg());
    const bool turned = orientation_ >= 5 && orientation_ <= 8;
    divisor_ = reduced_by(turned ? height : width, turned ? width : height, reduction);
    const auto reduced = [&](std::int64_t side) { return static_cast<int>((side + divisor_ - 1) / divisor_); };
    width_ = reduced(width);
    height_ = reduced(height);
    const std::size_t pictures = open_arithmetic() ? 2 : 1;  // decoded twice and compared
    memory_ = share_for(file, pictures * oriented_bytes(width_, height_) + coefficient_bytes(decoder.jpeg()));
  }

  DecodedImage decode() {
    JpegFindings found;
    Image image = decode(file_.data, file_.size, layout_, file_.options.accept_damaged, found);
    std::string note = note_on_structure();
    if (!found.lost()) lose_what_cannot_be_proved(image, found, note);
    if (const std::vector<char> suspicious = scans_in_doubt(found); !found.lost() && !suspicious.empty()) {
      const std::string doubt = doubt_text(found);
      JpegFindings trimmed;
      const std::vector<std::uint8_t> bytes = without_filler(file_.data, file_.size, layout_, suspicious);
      image = {};
      Image whole = decode(bytes.data(), bytes.size(), jpeg_layout(bytes.data(), bytes.size()), false, trimmed);
      if (trimmed.lost() || trimmed.has_extraneous()) {
        found.lose(doubt);
        whole = {};
        if (file_.options.accept_damaged) {
          JpegFindings again;
          image = decode(file_.data, file_.size, layout_, true, again);
        }
      } else {
        image = std::move(whole);
        add_note(note, filler_text(suspicious));
      }
    }
    if (found.lost()) {
      if (!file_.options.accept_damaged || found.rows == 0) damaged(found.message);
      note = damage_text(found);
    }
    return {std::move(image), divisor_, note, std::move(memory_)};
  }

 private:
  Image decode(const std::uint8_t* data, std::size_t size, const JpegLayout& layout, bool accept, JpegFindings& found) {
    JpegDecoder decoder(layout, deadline_);
    if (!decoder.read_header(data, size)) damaged(decoder.message());
    OrientedRows rows(width_, height_, orientation_);
    found = decoder.read_pixels(divisor_, accept, rows);
    if (deadline_.passed() && found.lost()) throw Error(Deadline::kReason);
    return rows.take();
  }

  bool open_arithmetic() const { return arithmetic_ && !layout_.has_end && !layout_.scans.empty(); }

  // Arithmetic-coded data is a number, of which decoding takes the digits that are not there as zeros. Where the
  // largest number that begins with the same digits is the same picture, all between them are, the true one among them.
  bool decided_by_its_data(const Image& image) {
    constexpr std::size_t kDigits = 16;  // more than decoding looks ahead
    std::vector<std::uint8_t> bytes(file_.data, file_.data + layout_.scans.back().end);
    for (std::size_t i = 0; i < kDigits; ++i)
      bytes.insert(bytes.end(), {0xff, 0});  // the second tells it from a marker
    JpegFindings found;
    const Image largest = decode(bytes.data(), bytes.size(), jpeg_layout(bytes.data(), bytes.size()), false, found);
    return !found.lost() && largest.pixels == image.pixels;
  }

  // A file that is odd shall hold all detail.
  void lose_what_cannot_be_proved(const Image& image, JpegFindings& found, std::string& note) {
    const bool odd = !layout_.has_end || layout_.stray > 0 || found.has_extraneous();
    if (odd && !found.complete) found.lose("it ends early, scans are missing");
    if (arithmetic_ && found.has_extraneous()) found.lose(found.message);
    // Whatever is in place of lost data decides as well: nothing shows that it was none.
    if (!found.lost() && open_arithmetic() && (ends_in_filler() || !decided_by_its_data(image)))
      found.lose("it has no end marker, and its arithmetic coding may go on behind its end");
    if (!found.lost() && !found.complete) add_note(note, "the JPEG file has fewer scans than all detail takes");
  }

  // Whether a file without an end marker may have been filled up after data was lost.
  bool ends_in_filler() const {
    if (layout_.has_end || layout_.scans.empty()) return false;
    const JpegLayout::Scan& last = layout_.scans.back();
    const std::size_t run = last.end > last.begin ? filler_size(file_.data, last) : 0;
    return run >= (run > 0 && file_.data[last.end - 1] == 0 ? kSuspiciousZeros : kSuspiciousRun);
  }

  // Scans at whose end there may be something that is no part of them, or something in place of what was lost. Empty
  // if there is none.
  std::vector<char> scans_in_doubt(const JpegFindings& found) const {
    std::vector<char> doubted = found.extraneous;
    if (ends_in_filler()) doubted.back() = 1;
    const bool any = std::any_of(doubted.begin(), doubted.end(), [](char c) { return c != 0; });
    return any ? doubted : std::vector<char>();
  }

  std::string doubt_text(const JpegFindings& found) const {
    return found.has_extraneous() ? found.message : "it ends without an end marker, in bytes that may be filler";
  }

  std::string filler_text(const std::vector<char>& scans) const {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < scans.size(); ++i) {
      if (scans[i] != 0) bytes += filler_size(file_.data, layout_.scans[i]);
    }
    return "the JPEG file has " + bytes_text(bytes, "of filler after its data; no pixel is missing");
  }

  // What is odd about the file and touches no pixel.
  std::string note_on_structure() const {
    std::string note;
    if (layout_.stray > 0) {
      add_note(note, "the JPEG file has " + bytes_text(layout_.stray, "between its segments; no pixel is missing"));
    }
    if (!layout_.has_end) add_note(note, "the JPEG file has no end marker; no pixel is missing");
    if (layout_.after_end > 0) {
      add_note(note, "the JPEG file has " + bytes_text(layout_.after_end, "after its end; no pixel is missing"));
    }
    return note;
  }

  std::string damage_text(const JpegFindings& found) const {
    std::string text = "damaged JPEG: " + found.message;
    if (found.scan > 1) return text + "; the picture lacks detail from scan " + std::to_string(found.scan) + " on";
    const int from = found.first_lost_row;
    if (from < 0) return text + "; how much of the picture is wrong cannot be told";
    const auto share = std::to_string(100 - 100 * from / height_);
    return text + "; wrong from row " + std::to_string(from) + " of " + std::to_string(height_) + " on (" + share +
           " % of the picture), as stored";
  }

  const EncodedImage& file_;
  Deadline deadline_;
  JpegLayout layout_;
  bool arithmetic_ = false;
  int orientation_ = 1, divisor_ = 1, width_ = 0, height_ = 0;
  MemoryShare memory_;
};

}  // namespace

DecodedImage decode_jpeg(const EncodedImage& file, const Reduction& reduction) {
  return JpegFile(file, reduction).decode();
}

}  // namespace fovea
