// Names out of files, made fit for one-line messages.
#pragma once

#include <string>

namespace fovea::hdf5 {

/// `name` with control characters as '?', cut when very long.
std::string printable(const std::string& name);

}  // namespace fovea::hdf5
