// memfd_create, and what the sanitizers must know of HDF5.
#include "tests/fuzz/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

// HDF5 asks for as much memory as a damaged file says, and takes a null for an answer.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }

// On some damaged files HDF5 itself loses a few hundred bytes.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }

namespace fovea::fuzz {

MemoryFile::MemoryFile(std::span<const std::uint8_t> data) : file_(memfd_create("fuzz", 0)) {
  if (file_ < 0 || write(file_, data.data(), data.size()) != static_cast<ssize_t>(data.size())) std::abort();
}

MemoryFile::~MemoryFile() { close(file_); }

void load(const std::string& path, const KerasOptions& options) {
  try {
    load_model(path, {.isa = "portable"}, options);
  } catch (const Error&) {
  }
}

}  // namespace fovea::fuzz
