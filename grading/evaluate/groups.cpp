// Sorts rows by key and finds where each key begins.
#include "grading/evaluate/groups.h"

#include <algorithm>
#include <numeric>

namespace fovea::evaluate {

Groups::Groups(std::span<const std::uint32_t> keys) : order(keys.size()) {
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return keys[a] < keys[b]; });
  for (std::size_t place = 0; place < order.size(); ++place) {
    const std::uint32_t key = keys[order[place]];
    if (runs.empty() || runs.back().key != key) runs.push_back({key, place, place});
    runs.back().end = place + 1;
  }
}

}  // namespace fovea::evaluate
