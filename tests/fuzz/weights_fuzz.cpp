// Any bytes as a file of weights, behind one that says which of a few architectures it is for: a model or an Error.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

#include "tests/fuzz/one_input.h"
#include "tests/fuzz/scratch_file.h"

namespace {

constexpr const char* kArchitectures[] = {"ends", "nested", "operations", "rows", "seq"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string name = kArchitectures[data[0] % std::size(kArchitectures)];
  const fovea::fuzz::ScratchFile file({data + 1, size - 1});
  fovea::fuzz::load(file, {.config_file = std::string(FOVEA_ARCHITECTURES) + "/" + name + ".json"});
  return 0;
}
