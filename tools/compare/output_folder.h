// The files of one comparison: all written aside first, then published together.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/common/files/atomic_file.h"
#include "tools/common/files/made_folders.h"

namespace fovea::tools {

/// Until `publish` nothing of an earlier comparison in the folder is touched, and without it nothing of this one stays:
/// a folder that was made for it is removed again if it is empty.
class OutputFolder {
 public:
  /// Makes the folder if need be, and tries whether each of `results`, all names that may be written, can be. Throws
  /// Error, also if a result would replace one of `inputs`.
  OutputFolder(const std::string& path, std::vector<std::string> results, const std::vector<std::string>& inputs);

  /// A new file of the folder, open until `publish`.
  AtomicFile& add(const std::string& name);
  void add(const std::string& name, std::string_view text);
  /// Everything to the disk, then each file under its name; results of an earlier comparison that this one does not
  /// have are removed.
  void publish();

  std::filesystem::path path_of(const std::string& name) const { return path_ / name; }
  /// Names of the files, in the order in which they were added.
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::filesystem::path path_;
  MadeFolders made_;
  std::vector<std::string> results_, names_;
  std::vector<std::unique_ptr<AtomicFile>> files_;
};

/// All names that a comparison can write; labels.csv and its record only if it predicts.
std::vector<std::string> result_names(bool predicts);

}  // namespace fovea::tools
