// A drawing as a file: SVG with real text, or PNG in pixels of its own.
#pragma once

#include <string>

#include "tools/common/drawing/drawing.h"
#include "tools/common/files/atomic_file.h"

namespace fovea::tools {

/// Throws Error unless `path` ends in .png or .svg and there is a font for a PNG, so that a picture that can never be
/// drawn is found before any work is done.
void check_picture(const std::string& path);

/// Fills `file`, whose extension says the format. Throws Error naming it.
void write_picture(const Drawing& drawing, AtomicFile& file);

}  // namespace fovea::tools
