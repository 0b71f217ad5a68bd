// A picture as Python gives it: a file's path, a file in memory, or pixels.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "bindings/python/src/arrays.h"
#include "grading/pipeline/pipeline.h"

namespace fovea::python {

struct Picture {
  std::string name;     ///< the path, or what stands for it in messages
  bool is_file = true;  ///< otherwise `memory` holds pixels, if `view` has any, or a file
  Buffer memory;
  ImageView view;  ///< into `memory`
  bool accept_damaged = false;
};

/// `object` is a path as bytes in a tuple of one, bytes of a file, or an array of uint8 (height, width, channels) whose
/// pixels have no gaps. Three channels are RGB and four RGBA, or with `bgr` the other way round; one is grey.
Picture to_picture(nb::handle object, bool accept_damaged, bool bgr);

/// Without the GIL. Throws Error.
DecodedImage read(const Picture& picture, const tools::Pipeline& pipeline);

}  // namespace fovea::python
