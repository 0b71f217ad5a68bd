// Mutates one section of a pack file and puts the file together again; now and then the file as a whole, with its
// checksums set.
#include <algorithm>
#include <cstring>
#include <random>

#include "tests/fuzz/pack_sums.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" __attribute__((visibility("default"))) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                                                                      std::size_t size,
                                                                                      std::size_t max_size,
                                                                                      unsigned int seed);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  constexpr unsigned kWholeFile = 8;  // one in so many
  std::minstd_rand random(seed);
  std::vector<fovea::fuzz::PackPart> parts = fovea::fuzz::pack_parts({data, size});
  if (parts.empty() || random() % kWholeFile == 0) {
    const std::size_t mutated = LLVMFuzzerMutate(data, size, max_size);
    fovea::fuzz::set_pack_sums({data, mutated});
    return mutated;
  }
  std::string& bytes = parts[random() % parts.size()].second;
  const std::size_t before = bytes.size(), room = max_size > size ? std::min<std::size_t>(max_size - size, 4096) : 0;
  bytes.resize(before + room);
  bytes.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(bytes.data()), before, before + room));
  const std::string file = fovea::fuzz::join_pack(parts);
  if (file.size() > max_size) return size;
  std::memcpy(data, file.data(), file.size());
  return file.size();
}
