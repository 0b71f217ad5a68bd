// The messages of an object's header, each checked for sizes that do not fit.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "loaders/hdf5/chunk_index.h"
#include "loaders/hdf5/symbol_table.h"

namespace fovea::hdf5 {

/// "" if what the message of this type (format specification, IV.A.2) says of its own parts fits into its bytes; else
/// what is wrong. Types that carry no sizes are not looked at.
std::string check_message(unsigned type, std::span<const unsigned char> bytes);

/// What the messages of one header say of the object together.
class HeaderShape {
 public:
  /// `bytes` have passed check_message. False for the second of what an object has only one of.
  bool note(unsigned type, std::span<const unsigned char> bytes);
  /// Chunks have one side more than the data space, and that is an element's bytes; so many bytes has what stands for
  /// elements that were never written.
  bool agrees() const;
  const std::optional<SymbolTable>& links() const { return links_; }
  /// None for other storage than chunks, and for the indices of HDF5 1.10.
  std::optional<ChunkLayout> chunks() const;

 private:
  unsigned seen_ = 0;                 ///< a bit for each type
  unsigned space_ = 0;                ///< dimensions
  std::uint64_t element_ = 0;         ///< bytes
  std::vector<std::uint32_t> sides_;  ///< of a chunk, if there are any
  std::vector<std::uint64_t> fills_;  ///< bytes of each fill value: an old and a new message may have one
  std::optional<SymbolTable> links_;
  std::optional<std::uint64_t> index_;
};

}  // namespace fovea::hdf5
