// Two sums, the second of the first one's values.
#include "loaders/hdf5/io/fletcher32.h"

#include <algorithm>

namespace fovea::hdf5 {

std::uint32_t fletcher32(std::span<const unsigned char> data) {
  constexpr std::uint64_t kModulus = 65535;
  constexpr std::size_t kAtOnce = std::size_t{1} << 16;  // so many bytes stay far below 2^64
  std::uint64_t first = 0, second = 0;
  while (!data.empty()) {
    const auto part = data.first(std::min(kAtOnce, data.size()));
    for (std::size_t i = 0; i < part.size(); i += 2) {
      first += (static_cast<std::uint64_t>(part[i]) << 8) + (i + 1 < part.size() ? part[i + 1] : 0U);
      second += first;
    }
    first %= kModulus;
    second %= kModulus;
    data = data.subspan(part.size());
  }
  return static_cast<std::uint32_t>(second << 16 | first);
}

}  // namespace fovea::hdf5
