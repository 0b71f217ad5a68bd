// A block of bytes that several may hold: a file taken out of an archive.
#pragma once

#include <cstddef>
#include <memory>

namespace fovea {

struct Bytes {
  std::shared_ptr<const unsigned char[]> data;
  std::size_t size = 0;
};

}  // namespace fovea
