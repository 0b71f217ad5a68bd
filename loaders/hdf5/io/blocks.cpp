// Reading and checking blocks.
#include "loaders/hdf5/io/blocks.h"

#include <cstring>

#include "loaders/hdf5/io/sums.h"
#include "loaders/io/refusal.h"

namespace fovea::hdf5 {

Block Blocks::read(std::uint64_t address, std::uint64_t size, const char* damage) const {
  if (size > file.left(address)) throw Refusal(damage);
  budget.spend(size);
  Block bytes(size);
  if (!file.read(address, size, bytes.data())) throw Refusal(damage);
  return bytes;
}

Block Blocks::read_summed(std::uint64_t address, std::uint64_t size, std::string_view signature, unsigned version,
                          const char* damage) const {
  Block bytes = read(address, size, damage);
  const bool good = bytes.size() > signature.size() &&
                    std::memcmp(bytes.data(), signature.data(), signature.size()) == 0 &&
                    bytes[signature.size()] == version && ends_with_its_sum(bytes);
  if (!good) throw Refusal(damage);
  return bytes;
}

}  // namespace fovea::hdf5
