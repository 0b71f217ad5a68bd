// What HDF5 files, zip archives and PNGs hold is checked by sums, so they are set right after every mutation: else no
// mutation would get past them. One in four mutations of a picture is of its parts.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/h5_sums.h"
#include "tests/fuzz/parts.h"
#include "tests/fuzz/png_sums.h"
#include "tests/fuzz/zip_sums.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" __attribute__((visibility("default"))) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                                                                      std::size_t size,
                                                                                      std::size_t max_size,
                                                                                      unsigned int);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  std::size_t mutated = seed % 4 == 0 ? fovea::fuzz::mutate_parts(data, size, max_size, seed / 4) : 0;
  if (mutated == 0) mutated = LLVMFuzzerMutate(data, size, max_size);
  fovea::fuzz::set_h5_sums({data, mutated});
  fovea::fuzz::set_zip_sums({data, mutated});
  fovea::fuzz::set_png_sums({data, mutated});
  return mutated;
}
