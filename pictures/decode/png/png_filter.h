// Undoing the filters of PNG rows. Source: PNG specification, section 9.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fovea {

/// Writes the `size` bytes of a row to `out`. `row` is the row's filter byte and its filtered bytes, `above` the
/// unfiltered row before it (of zeros for the first), `pixel` the bytes from a pixel to the next, at least 1. `out` may
/// be row + 1. False if the filter is unknown.
bool undo_png_filter(const std::uint8_t* row, const std::uint8_t* above, std::size_t size, std::size_t pixel,
                     std::uint8_t* out);

}  // namespace fovea
