// Folders that were made for results.
#pragma once

#include <filesystem>
#include <vector>

namespace fovea::tools {

/// Removes them again if they stay empty.
class MadeFolders {
 public:
  MadeFolders() = default;
  ~MadeFolders();
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;
  /// Makes `path` and what is missing above it, as far as that is possible.
  void make(const std::filesystem::path& path);

 private:
  std::vector<std::filesystem::path> made_;  // outermost first
};

}  // namespace fovea::tools
