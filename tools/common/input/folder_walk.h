// All files of a folder, each looked at or accounted for.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "pictures/look.h"
#include "tools/common/input/passed_over.h"

namespace fovea::tools {

struct WalkedFile {
  std::string path;  ///< relative to the folder; of a folder that cannot be listed, with a slash at its end
  FileLook look;     ///< readable, or with an error
};

struct FolderWalk {
  std::vector<WalkedFile> files;  ///< in bytewise order of their paths
  PassedOver passed;
};

/// Files and folders that a run writes itself, as resolved paths; they are no inputs.
struct OwnFiles {
  std::set<std::string> files;     ///< passed over unless they are pictures
  std::set<std::string> pictures;  ///< and these though they are
  std::set<std::string> folders;
};

/// Looks at every regular file but the furniture of operating systems, servers and version control (.DS_Store, ._*,
/// Thumbs.db, @eaDir, $RECYCLE.BIN, .git, ...). Hidden files are files like others. With `recursive`, all below it:
/// links to folders are followed after all folders that are none, and each folder is read once, under the first name.
/// What is wrong with one file or sub-folder is its own error. Throws Error if the folder itself cannot be listed, and
/// Interrupted once the process is asked to stop.
FolderWalk walk_folder(const std::string& folder, bool recursive, const OwnFiles& own);

/// The same names without looking at any file: `look` of each is empty.
FolderWalk walk_names(const std::string& folder, bool recursive);

}  // namespace fovea::tools
