// The filters that a chunk of data may have gone through, undone: a stream inflates as far as the chunk can hold, and
// no further.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fovea::hdf5 {

struct Filter {
  enum class Kind { deflate, shuffle, fletcher32 } kind;
  std::size_t element = 1;  ///< bytes that a shuffle takes apart
};

/// Undoes `filters`, in the order in which they were applied, but those with a bit in `mask`; `data` must then be
/// `size` bytes. Throws Refusal.
void undo_filters(std::span<const Filter> filters, std::uint32_t mask, std::size_t size,
                  std::vector<unsigned char>& data);

}  // namespace fovea::hdf5
