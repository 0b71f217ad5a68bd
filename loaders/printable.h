// Names out of files, made fit for one-line messages.
#pragma once

#include <string>

namespace fovea {

/// `name` with control characters as '?', cut when very long.
std::string printable(const std::string& name);

/// A message with control characters as '?'.
std::string one_line(std::string message);

}  // namespace fovea
