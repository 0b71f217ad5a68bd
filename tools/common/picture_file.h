// A drawing as a file: SVG with real text, or PNG drawn by PLplot's cairo driver.
#pragma once

#include <string>

#include "tools/common/atomic_file.h"
#include "tools/common/drawing.h"

namespace fovea::tools {

/// Throws Error unless `path` ends in .png or .svg and PLplot's driver for a PNG is installed, so that a picture that
/// can never be drawn is found before any work is done.
void check_picture(const std::string& path);

/// Fills `file`, whose extension says the format, and checks that the whole picture got there. Throws Error naming it.
/// Called by one thread at a time: PLplot's state is global.
void write_picture(const Drawing& drawing, AtomicFile& file);

}  // namespace fovea::tools
