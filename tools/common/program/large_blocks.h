// Memory of pictures, kept between one picture and the next.
#pragma once

#include <cstddef>

namespace fovea::tools {

/// Blocks of at least this size that a tool gets from `new` come from LargeBlocks.
inline constexpr std::size_t kLargeBlock = std::size_t{1} << 20;

/// What is known of all large blocks of the process, in bytes.
struct LargeBlockUse {
  std::size_t in_use, kept, most_in_use;
};

/// A picture's buffers are freed and asked for again with the next one. An allocator hands them back to the system each
/// time, which clears every page anew, or keeps them in a heap that pictures of different sizes tear to pieces. Here a
/// freed block is kept whole for the next that fits, and never more in all than were in use at once, so that a run of
/// any length takes the memory of its largest pictures. Thread-safe. Not in builds for sanitizers, which want to see
/// every allocation.
LargeBlockUse large_block_use();

}  // namespace fovea::tools
