// Any bytes as a model file: loading gives a model or an Error. HDF5 and zip alike, told apart by content. Of HDF5
// files all is read besides, whatever a model needs.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "tests/fuzz/one_input.h"
#include "tests/fuzz/scratch_file.h"
#include "tests/fuzz/walk_h5.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::shared_ptr<unsigned char[]> copy(new unsigned char[size]);  // as long as it is: what reads beyond is found
  std::copy(data, data + size, copy.get());
  fovea::hdf5::walk_all({copy, size});
  const fovea::fuzz::ScratchFile file({data, size});
  fovea::fuzz::load(file, {});
  return 0;
}
