// Folders that were made for results.
#include "tools/common/files/made_folders.h"

#include <system_error>

namespace fovea::tools {

namespace fs = std::filesystem;

MadeFolders::~MadeFolders() {
  std::error_code ignored;
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) fs::remove(*folder, ignored);  // empty ones only
}

void MadeFolders::make(const fs::path& path) {
  std::error_code error;
  if (path.empty() || fs::exists(path, error)) return;
  make(path.parent_path());
  if (fs::create_directory(path, error)) made_.push_back(path);
}

}  // namespace fovea::tools
