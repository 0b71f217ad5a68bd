// Any bytes as a model file: loading gives a model or an Error. HDF5 and zip alike, told apart by content.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "loaders/keras/model.h"

// HDF5 asks for as much memory as a damaged file says, and takes a null for an answer.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }

// On some damaged files HDF5 itself loses a few hundred bytes.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }

extern "C" __attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                                                             std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = memfd_create("fuzz", 0);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) return 0;
  try {
    fovea::load_model("/proc/self/fd/" + std::to_string(file), {.isa = "portable"});
  } catch (const fovea::Error&) {
  }
  close(file);
  return 0;
}
