// The HDF5 library as a shared resource: one thread at a time, its error stack kept silent and turned into text.
#pragma once

#include <hdf5.h>

#include <mutex>
#include <string>

namespace fovea::hdf5 {

/// Held while HDF5 is in use. Debian's serial build is not thread safe, so every caller takes the same lock; printing
/// of errors is off meanwhile and restored afterwards. Meanwhile variable-length strings can also be read into an
/// opaque type of the same size, which gives the reference stored in the file instead of the text.
class Library {
 public:
  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

 private:
  std::unique_lock<std::recursive_mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* print_data_ = nullptr;
};

/// The innermost reason on HDF5's error stack, on one line; "unknown error" if there is none.
std::string last_error();

}  // namespace fovea::hdf5
