// A picture as Python gives it: a file's path, a file in memory, or pixels.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "bindings/python/src/arrays.h"
#include "grading/pipeline/pipeline.h"

namespace fovea::python {

struct Picture {
  std::string name;     ///< the path, or what stands for it in messages
  bool is_file = true;  ///< otherwise `memory` holds a file or, if it has a width, pixels
  Buffer memory;
  int width = 0, height = 0;
  bool accept_damaged = false;
};

/// `object` is a path as bytes in a tuple of one, a buffer of bytes, or an array of uint8 (height, width, 3) in RGB.
Picture to_picture(nb::handle object, bool accept_damaged);

/// Without the GIL. Throws Error.
DecodedImage read(const Picture& picture, const tools::Pipeline& pipeline);

}  // namespace fovea::python
