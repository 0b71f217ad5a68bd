// What HDF5 files, zip archives and PNGs hold is checked by sums, so they are set right after every mutation: else no
// mutation would get past them.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/h5_sums.h"
#include "tests/fuzz/png_sums.h"
#include "tests/fuzz/zip_sums.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" __attribute__((visibility("default"))) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                                                                      std::size_t size,
                                                                                      std::size_t max_size,
                                                                                      unsigned int);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int) {
  const std::size_t mutated = LLVMFuzzerMutate(data, size, max_size);
  fovea::fuzz::set_h5_sums({data, mutated});
  fovea::fuzz::set_zip_sums({data, mutated});
  fovea::fuzz::set_png_sums({data, mutated});
  return mutated;
}
