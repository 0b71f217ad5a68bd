// Where the demo model and its sample pictures are.
#include "tools/common/program/demo.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include <fovea/error.h>
#include "text/text.h"

namespace fovea::tools {

namespace fs = std::filesystem;

Demo find_demo(const std::string& weights_dir) {
  std::vector<fs::path> folders;
  std::error_code error;
  if (!weights_dir.empty()) {
    folders = {weights_dir};
  } else {
    const fs::path executable = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
      const fs::path prefix = executable.parent_path().parent_path();
      folders = {prefix / "share" / "fovea" / "weights", prefix.parent_path() / "weights"};
    }
  }
  std::string looked_in;
  for (const fs::path& folder : folders) {
    if (fs::is_regular_file(folder / "demo.h5", error)) {
      return {(folder / "demo.h5").string(), (folder / "samples").string()};
    }
    looked_in += (looked_in.empty() ? "" : ", ") + printable(folder.string());
  }
  throw Error("--demo: no demo.h5 in " + looked_in + "; --weights-dir DIR says where it is");
}

}  // namespace fovea::tools
