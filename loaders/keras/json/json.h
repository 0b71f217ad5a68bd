// JSON text from a file into plain Attributes, with limits on size and depth.
#pragma once

#include <string>

#include <fovea/layer_config.h>

namespace fovea::keras {

/// Parses `text`. Throws Error("<place>: ...") when it is not JSON, too large or nested too deeply.
Attribute parse_json(const std::string& text, const std::string& place);

}  // namespace fovea::keras
