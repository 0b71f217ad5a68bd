// Paths inside an HDF5 file.
#include "loaders/hdf5/path.h"

#include <algorithm>

namespace fovea::hdf5 {

std::vector<std::string> path_components(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace fovea::hdf5
