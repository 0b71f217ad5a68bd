// Inputs one behind the other along any dimension.
#pragma once

#include "layers/layer.h"

namespace fovea {

/// Joins along the dimension `axis`, counted without the batch; `stack`: a new dimension there, one place an input.
std::unique_ptr<Layer> make_join_rows(const std::string& name, const std::string& class_name, std::size_t axis,
                                      bool stack);

}  // namespace fovea
