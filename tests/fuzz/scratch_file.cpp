// Writing it.
#include "tests/fuzz/scratch_file.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include <fovea/error.h>
#include "tests/fuzz/one_input.h"

namespace fovea::fuzz {
namespace {

std::filesystem::path scratch_folder() {
  const std::filesystem::path memory = "/dev/shm";
  return access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

ScratchFile::ScratchFile(std::span<const std::uint8_t> data)
    : path_(scratch_folder() / ("fovea-fuzz-" + std::to_string(getpid()))) {
  std::ofstream file(path_, std::ios::binary);
  file.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
  if (!file.flush()) std::abort();
}

ScratchFile::~ScratchFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void load(const ScratchFile& file, const KerasOptions& options) {
  try {
    load_model(file.path(), {.isa = "portable"}, options);
    ++inputs_taken;
  } catch (const Error&) {
  }
}

}  // namespace fovea::fuzz
