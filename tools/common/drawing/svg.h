// A drawing as SVG: plain elements and real text, to be read, selected, searched and edited.
#pragma once

#include <string>

#include "tools/common/drawing/drawing.h"

namespace fovea::tools {

/// The element <svg>, to stand in a page or, after an XML declaration, in a file of its own. `name` is that of the
/// drawing in its page: a word of letters, digits and _. Whatever the texts hold, it is well-formed XML.
std::string svg_element(const Drawing& drawing, const std::string& name);

}  // namespace fovea::tools
