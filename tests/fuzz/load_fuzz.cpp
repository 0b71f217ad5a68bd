// Any bytes as a model file: loading gives a model or an Error. HDF5 and zip alike, told apart by content.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/one_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fovea::fuzz::MemoryFile file({data, size});
  fovea::fuzz::load(file.path(), {});
  return 0;
}
