// A file of JSON beside a model.
#pragma once

#include <cstdint>
#include <string>

#include <fovea/layer_config.h>

namespace fovea::keras {

struct JsonFile {
  std::string text;
  Attribute json;
};

/// Throws Error("<path>: ...") if it is not there, larger than `largest` bytes or not JSON.
JsonFile read_json_file(const std::string& path, std::uintmax_t largest);

}  // namespace fovea::keras
