// The filtered rows of a PNG, decompressed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "pictures/decode/png/png_chunks.h"

namespace fovea {

/// Rows one after the other. Small pictures are inflated at once by libdeflate, which is the faster and wants all of
/// the result in memory; large ones, and those whose data is not whole, row by row by zlib.
class PngRows {
 public:
  /// `size` is what all rows have, `longest` the longest of them, filter bytes included.
  PngRows(const PngFile& png, std::size_t size, std::size_t longest);
  ~PngRows();
  PngRows(const PngRows&) = delete;
  PngRows& operator=(const PngRows&) = delete;

  /// The next `size` bytes, to be written to at will; valid until the call after the next. nullptr where data ends or
  /// is damaged: `reason` says which.
  std::uint8_t* next(std::size_t size);
  /// After the last row: whether what follows it is sound. Data that ends early has lost its checksum only.
  bool finish();
  const char* reason() const { return reason_; }
  /// That the data ended between its last row and its end.
  bool cut_off() const { return cut_off_; }

  /// Bytes that it takes.
  static std::size_t memory(std::size_t size, std::size_t longest);

 private:
  struct Stream;
  bool inflate_all(const PngFile& png, std::size_t size);

  std::unique_ptr<std::uint8_t[]> data_;  // all rows, or room for two
  std::unique_ptr<Stream> stream_;        // nullptr where all rows are there
  std::size_t at_ = 0, longest_;
  bool second_ = false, cut_off_ = false;
  const char* reason_ = "";
};

}  // namespace fovea
