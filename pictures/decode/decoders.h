// One decoder a format. Each checks the dimensions its header claims before anything is allocated for the pixels.
#pragma once

#include <chrono>
#include <string>

#include <fovea/error.h>
#include "pictures/decode/image.h"

namespace fovea {

/// When a decoder has to give up.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds time)
      : end_(time.count() == 0 ? Clock::time_point::max() : Clock::now() + time) {}
  bool passed() const { return Clock::now() > end_; }
  void check() const {
    if (passed()) throw Error(kReason);
  }
  static constexpr const char* kReason = "takes too long to decode";

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point end_;
};

/// A file in memory. Decoders throw Error with the bare reason; decode_picture adds the file's name.
struct EncodedImage {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
  const DecodeOptions& options;
};

/// How far a decoder may reduce a picture: to no less than this size, once turned as it shall be seen.
struct Reduction {
  int min_width = 0;
  int min_height = 0;
  int max_divisor = 1;
};

DecodedImage decode_jpeg(const EncodedImage& file, const Reduction& reduction);
DecodedImage decode_png(const EncodedImage& file);
DecodedImage decode_tiff(const EncodedImage& file);
DecodedImage decode_bmp(const EncodedImage& file);

/// Throws if a header's claim is not positive or beyond the limit; afterwards both fit an int.
void check_pixels(std::int64_t width, std::int64_t height, std::int64_t max_pixels);

/// read_picture and decode_picture with a reduction for the formats that can.
DecodedImage decode_picture(const std::uint8_t* data, std::size_t size, const std::string& name,
                            const DecodeOptions& options, const Reduction& reduction);
DecodedImage read_picture(const std::string& path, const DecodeOptions& options, const Reduction& reduction);

/// The budget's share for decoding a file: its own bytes and what its decoder needs for the picture and on the way.
inline MemoryShare share_for(const EncodedImage& file, std::size_t needed) {
  return take_decode_memory(file.size + needed);
}

/// Another sentence in a note.
inline void add_note(std::string& notes, const std::string& note) {
  if (!note.empty()) notes += (notes.empty() ? "" : "; ") + note;
}

}  // namespace fovea
