// Paths inside an HDF5 file.
#pragma once

#include <string>
#include <vector>

namespace fovea::hdf5 {

/// "a/b//c" as {"a", "b", "c"}.
std::vector<std::string> path_components(const std::string& path);

}  // namespace fovea::hdf5
