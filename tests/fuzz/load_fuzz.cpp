// Any bytes as a model file: loading gives a model or an Error. HDF5 and zip alike, told apart by content.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/one_input.h"
#include "tests/fuzz/scratch_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fovea::fuzz::ScratchFile file({data, size});
  fovea::fuzz::load(file, {});
  return 0;
}
