// A look at an object's header before HDF5 decodes it: HDF5 1.10 trusts the sizes of attributes, types and layouts in
// it, and reads beyond its buffers when they are wrong.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "loaders/hdf5/raw_file.h"

namespace fovea::hdf5 {

/// Walks object headers (format specification, IV.A) and remembers those found good.
class HeaderChecker {
 public:
  explicit HeaderChecker(const RawFile& file) : file_(file) {}

  /// "" if every message of the header at `address` lies within it and every size inside a message within the message;
  /// else what is wrong.
  std::string check(std::uint64_t address);

 private:
  const RawFile& file_;
  std::set<std::uint64_t> good_;
  std::uint64_t bytes_ = 0;  ///< read so far: a file may have any number of large headers
};

}  // namespace fovea::hdf5
