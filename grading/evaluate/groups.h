// Rows brought together by a key, so that those of one key can be counted in one run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fovea::evaluate {

struct Groups {
  struct Run {
    std::uint32_t key;
    std::size_t begin, end;  // places in `order`
  };

  Groups() = default;
  /// Sorts by rising key; rows of one key stay in their order.
  explicit Groups(std::span<const std::uint32_t> keys);

  std::vector<std::uint32_t> order;  // the row at each place
  std::vector<Run> runs;
};

}  // namespace fovea::evaluate
