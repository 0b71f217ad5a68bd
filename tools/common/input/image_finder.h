// The images that the ids of a list name.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/common/input/folder_walk.h"
#include "tools/common/input/id_index.h"

namespace fovea::tools {

/// Finds files below one folder by their ids. Each folder is listed once, however many ids lie in it.
class ImageFinder {
 public:
  ImageFinder(std::string images, bool recursive) : images_(std::move(images)), recursive_(recursive) {}

  struct Found {
    std::string path;    ///< the best guess if there is an error
    std::string error;   ///< missing, ambiguous, or outside of the folder
    bool loose = false;  ///< found in another case, in a sub-folder, or without folders that the id names
  };
  /// As IdIndex finds it; else with slashes for backslashes, and without folders that it begins with.
  Found find(const std::string& id);

 private:
  struct Listing {
    explicit Listing(bool below) : index(below) {}
    IdIndex index;
    std::vector<std::string> names;   // relative to the folder
    std::vector<std::string> errors;  // of sub-folders
  };
  const Listing& listing(const std::string& folder);
  Found find_path(const std::string& id);

  std::string images_;
  bool recursive_;
  std::map<std::string, std::unique_ptr<Listing>> listings_;
};

}  // namespace fovea::tools
