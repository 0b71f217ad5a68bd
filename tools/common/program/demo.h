// Where the demo model and its sample pictures are.
#pragma once

#include <string>

namespace fovea::tools {

struct Demo {
  std::string model;    ///< demo.h5; its card lies beside it
  std::string samples;  ///< folder of pictures
};

/// Looks into `weights_dir`, or if that is empty beside the installed executable (../share/fovea/weights), then in the
/// source tree that its build folder lies in (../../weights). Throws Error if there is no demo.h5.
Demo find_demo(const std::string& weights_dir);

}  // namespace fovea::tools
